"""The template tag that shows a picture."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from blog.models import Image
from blog.pictures import plan
from blog.showing import picture_html

register = template.Library()


@register.simple_tag
def picture(
    image: Image, *, sizes: str, crop: str = "", priority: bool = False, alt: str | None = None
) -> SafeString:
    """Show a picture: ``{% picture post.image sizes="…" %}``.

    ``sizes`` says how wide it is shown (as in HTML); ``crop`` is "wide" or "square", around its
    focus; a picture with ``priority`` is loaded first, all others when they come near.
    """
    loading = 'fetchpriority="high"' if priority else 'loading="lazy" decoding="async"'
    words = image.alt if alt is None else alt
    attributes = format_html(' alt="{}" {}', words, mark_safe(loading))  # noqa: S308  our own
    shape = plan.SHAPES[crop] if crop else plan.WHOLE
    shown = picture_html(image, sizes=sizes, shape=shape, attributes=attributes)
    return mark_safe(shown)  # noqa: S308  every part is escaped
