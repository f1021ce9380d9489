"""What stands in the head of a page for machines."""

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from blog.addresses import absolute
from blog.feeds.serving import FORMS

register = template.Library()


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
