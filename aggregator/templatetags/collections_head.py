"""What stands in the head of a collection's page for machines."""

from typing import Any

from django import template
from django.template import Context

from aggregator import clips
from aggregator.models import Collection, Pick
from blog import cards
from blog.paging import Page
from blog.templatetags.head import path_of, shown

register = template.Library()
register.filter("oembed_url", clips.oembed_url)


@register.inclusion_tag("_card.html", takes_context=True)
def collection_card(context: Context, collection: Collection, page: Page[Pick]) -> dict[str, Any]:
    """Describe a list of headlines, which lead to their outlets."""
    entries = [(pick.shown_title, pick.link or collection.get_absolute_url()) for pick in page.rows]
    where: dict[str, Any] = {
        "site": context["site"],
        "path": path_of(context),
        "image": collection.image,
    }
    return shown(context, cards.list_card(collection.title, collection.intro, entries, **where))
