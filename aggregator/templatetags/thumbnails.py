"""The template tag that shows the picture of an outside article: our copy of it."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from aggregator.models import Pick
from aggregator.models.thumbnail import SHAPE
from blog.showing import picture_html

register = template.Library()
BESIDE = "(min-width: 40rem) 10rem, 6rem"
# The headline beside it says what there is to say.
_ATTRIBUTES = ' class="thumb" alt="" loading="lazy" decoding="async"'


@register.simple_tag(takes_context=True)
def thumbnail(context: Context, pick: Pick, sizes: str = "") -> SafeString:
    """Show the picture of a pick, "" where there is none or the site shows none.

    ``sizes`` says how wide it is shown, as in HTML; "" where it stands beside the words.
    """
    if not context["site"].shows_outside_pictures or pick.picture is None:
        return SafeString("")
    shown = picture_html(pick.picture, sizes=sizes or BESIDE, shape=SHAPE, attributes=_ATTRIBUTES)
    return mark_safe(shown)  # noqa: S308  every part is escaped
