"""Begins posts about outside pages: drafts with quote, source and outlet, for editors to finish."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.html import format_html, format_html_join

from blog import versions
from blog.models import Author, Category, Post, SiteSettings, User
from blog.models.post import OUTLET_MAX_LENGTH
from blog.text import excerpt, hashtags

TITLE_MAX_LENGTH = 300


class NoCategoryError(Exception):
    """A post stands in a category, and there is none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is known of an outside page; all of it plain text, ``url`` an http(s) address."""

    url: str
    title: str
    outlet: str = ""
    quote: str = ""
    """Its own words; an empty line separates paragraphs."""
    language: str = ""
    """A language tag, such as ``en-GB``; "" where nobody knows."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft, and whether it was begun just now."""

    post: Post
    is_new: bool


@transaction.atomic
def draft_once(source: Source, *, by: User, now: datetime) -> Begun:
    """Return the draft that ``by`` has begun of this very source, begun now if there is none.

    One that says something else by now is another one. Raises NoCategoryError.
    """
    User.objects.select_for_update().get(pk=by.pk)  # or two presses of a button find nothing both
    same = {name: value for name, value in _fields(source).items() if name != "outlet" or value}
    drafts = Post.objects.filter(created_by=by, status=Post.Status.DRAFT, **same)
    if begun := drafts.first():
        return Begun(begun, is_new=False)
    return Begun(draft_link_post(source, by=by, now=now), is_new=True)


@transaction.atomic
def draft_link_post(source: Source, *, by: User, now: datetime) -> Post:
    """Store a draft of a link post about ``source``, begun and signed by ``by``, and return it.

    It stands in the first category until its editor chooses. Raises NoCategoryError.
    """
    category = Category.objects.first()
    if category is None:
        raise NoCategoryError
    post = Post.objects.create(**_fields(source), category=category, created_by=by)
    post.authors.set(Author.objects.filter(user=by))
    post.tags.add(*hashtags(post.title))
    versions.keep(post, by=by, now=now)
    return post


def _fields(source: Source) -> dict[str, Any]:
    return {
        "kind": Post.Kind.LINK,
        "title": excerpt(source.title, max_length=TITLE_MAX_LENGTH),
        "body": quoted(source.quote),
        "source_url": source.url,
        "outlet": excerpt(source.outlet, max_length=OUTLET_MAX_LENGTH),
        "language": _language(source.language),
    }


def quoted(words: str) -> str:
    """Return plain text as the HTML of a quotation, "" for no words."""
    paragraphs = [part.strip() for part in words.split("\n\n") if part.strip()]
    if not paragraphs:
        return ""
    body = format_html_join("", "<p>{}</p>", ((part,) for part in paragraphs))
    return format_html("<blockquote>{}</blockquote>", body)


def _language(tag: str) -> str:
    """Return the language that a post can have, by default the site's."""
    main = tag.partition("-")[0].lower()
    return main if main in dict(settings.LANGUAGES) else SiteSettings.load().language
