"""Template tags and filters for posts and what stands around them."""

import re
from collections.abc import Mapping

from django import template
from django.conf import settings
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext

from blog.addresses import absolute
from blog.models import Post, Tag
from blog.showing import with_pictures
from blog.text import HASHTAG, excerpt, language_tag

register = template.Library()
register.filter("absolute", absolute)

SHORT_LENGTH = 140
# As the text editor writes them and clean_html() keeps them.
_NOTE = re.compile(r'<a href="#fn-\d{1,3}" id="fnref-\d{1,3}"')
_WAY_BACK = re.compile(r'<a href="#fnref-\d{1,3}"')
_VIDEO = re.compile(
    r'<figure(?: [a-z]+="[^"]*")*><a href="https://(?:www\.youtube\.com/watch\?v=|vimeo\.com/\d)'
)
_TABLE = re.compile(r'<table(?: [a-z]+="[^"]*")*>')


@register.filter
def stored_html(markup: str, where: str = "page") -> SafeString:
    """Mark HTML as safe that clean_html() wrote into the database. The one place that does so.

    Wide tables get a frame that scrolls by itself, by keyboard too. Footnotes say what they are.
    Our pictures are shown in the size and encoding that suits the reader, but for ``where``
    "feed", whose readers know neither.
    """
    if where == "page":
        markup = with_pictures(markup)
    frame = f'<div class="scroller" tabindex="0" role="group" aria-label="{gettext("Table")}">'
    framed = _TABLE.sub(lambda match: frame + match[0], markup)
    framed = framed.replace("</table>", "</table></div>")
    framed = _NOTE.sub(lambda match: f'{match[0]} role="doc-noteref"', framed)
    back = f' role="doc-backlink" aria-label="{escape(gettext("Back to the text"))}"'
    framed = _WAY_BACK.sub(lambda match: match[0] + back, framed)
    return mark_safe(framed)  # noqa: S308  cleaned on saving


@register.filter
def has_videos(markup: str) -> bool:
    """Whether a text holds the address of a video that js/embeds.js can play."""
    return _VIDEO.search(markup) is not None


@register.filter
def with_hashtags(title: str) -> SafeString:
    """Escape a title and set its ``#Hashtags`` apart."""
    return _with_hashtags(title, {})


@register.filter
def title_with_tags(post: Post) -> SafeString:
    """Escape a post's title and let its ``#Hashtags`` lead to the pages of their tags.

    For where the title is no link itself. The tags are those that the post has loaded.
    """
    if "#" not in post.title:
        return conditional_escape(post.title)
    return _with_hashtags(post.title, {tag.name.casefold(): tag for tag in post.tags.all()})


def _with_hashtags(title: str, tags: Mapping[str, Tag]) -> SafeString:
    if "#" not in title:
        return conditional_escape(title)
    parts: list[str] = []
    end = 0
    for match in HASHTAG.finditer(title):
        parts += [
            conditional_escape(title[end : match.start()]),
            _hashtag(match[0], tags.get(match["name"].casefold())),
        ]
        end = match.end()
    parts.append(conditional_escape(title[end:]))
    return mark_safe("".join(parts))  # noqa: S308  every part is escaped


def _hashtag(text: str, tag: Tag | None) -> str:
    if tag is None:
        return format_html('<span class="hashtag">{}</span>', text)
    return format_html(
        '<a class="hashtag" href="{}" rel="tag">{}</a>', tag.get_absolute_url(), text
    )


@register.filter
def short(text: str) -> str:
    """Cut a text to what fits into a narrow column, at a word, with one ``…``."""
    return excerpt(text, max_length=SHORT_LENGTH)


@register.filter
def byline(post: Post) -> str:
    """Return the names of a post's authors: ``A``, ``A and B``, ``A, B and C``."""
    return get_text_list([author.name for author in post.authors.all()], gettext("and"))


@register.filter
def signed(post: Post) -> SafeString:
    """Return the names of a post's authors as links to their pages, as ``byline`` has them."""
    links: list[str] = [
        format_html('<a href="{}" rel="author">{}</a>', author.get_absolute_url(), author.name)
        for author in post.authors.all()
    ]
    return mark_safe(get_text_list(links, escape(gettext("and"))))  # noqa: S308  every part is escaped


@register.filter
def reading_time(post: Post) -> str:
    """Return how long reading a post takes: ``9 min read``."""
    return gettext("%(min)d min read") % {"min": post.reading_time_min}


@register.simple_tag
def lang(code: str) -> SafeString:
    """Return `` lang="…"`` (and the direction) for text that is not in the page's language.

    Nothing for the page's own language and for what is no language tag (BCP 47): such codes
    come from outside.
    """
    primary = code.partition("-")[0].lower()
    page = (get_language() or "").partition("-")[0]
    if primary == page or not language_tag(code):
        return SafeString("")
    direction = SafeString(' dir="rtl"') if primary in settings.LANGUAGES_BIDI else ""
    return format_html(' lang="{}"{}', code, direction)
