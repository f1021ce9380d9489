"""What stands in the head of a page for machines."""

import json
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from blog import cards
from blog.addresses import absolute
from blog.feeds.serving import FORMS
from blog.icons import icon_url
from blog.models import Post, SiteSettings
from blog.paging import Page

register = template.Library()

# As in Django's json_script: nothing in the data ends the element, or begins another.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def feed_links(route: str, title: str, *arguments: str) -> SafeString:
    """Name the feeds of a list: ``{% feed_links "tag-feed" tag.name tag.slug %}``."""
    return format_html_join(
        "\n",
        '<link rel="alternate" type="{}" title="{} ({})" href="{}">',
        (
            (form.content_type, title, form.name, absolute(_path(route + form.suffix, arguments)))
            for form in FORMS
        ),
    )


def _path(route: str, arguments: tuple[str, ...]) -> str:
    return reverse(route, args=arguments)


@register.simple_tag(takes_context=True)
def icon(context: Context, size: str) -> str:
    """Return the address of the site's icon: ``{% icon "180" %}``."""
    return icon_url(context["site"], size)


@register.inclusion_tag("_card.html", takes_context=True)
def post_card(context: Context, post: Post) -> dict[str, Any]:
    """Describe a post."""
    return shown(context, cards.post_card(post, site=context["site"]))


@register.inclusion_tag("_card.html", takes_context=True)
def site_card(context: Context, page: Page[Post]) -> dict[str, Any]:
    """Describe the front page."""
    is_front = page.number == 1
    return shown(
        context, cards.site_card(context["site"], path=path_of(context), is_front=is_front)
    )


@register.inclusion_tag("_card.html", takes_context=True)
def list_card(context: Context, title: str, description: str, page: Page[Post]) -> dict[str, Any]:
    """Describe a list of posts."""
    entries = [(post.title, post.get_absolute_url()) for post in page.rows]
    where: dict[str, Any] = {"site": context["site"], "path": path_of(context)}
    return shown(context, cards.list_card(title, description, entries, **where))


@register.inclusion_tag("_card.html", takes_context=True)
def plain_card(context: Context, title: str, description: str = "") -> dict[str, Any]:
    """Describe any other page."""
    where: dict[str, Any] = {"site": context["site"], "path": path_of(context)}
    return shown(context, cards.plain_card(title, description, **where))


def path_of(context: Context) -> str:
    """Return the path of the page that is rendered."""
    request = context.get("request")
    return str(request.path) if request else "/"


def shown(context: Context, card: cards.Card) -> dict[str, Any]:
    """Return what ``_card.html`` shows of a card."""
    site: SiteSettings = context["site"]
    return {"card": card, "site": site, "icon": absolute(icon_url(site, "512"))}


@register.filter
def linked_data(data: dict[str, Any]) -> SafeString:
    """Write data for machines: a block that no browser runs, in which nothing can end it."""
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  escaped
