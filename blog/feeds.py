"""The publication's own feeds: RSS 2.0 with the full text.

Built on Django's generator and not on its Feed view, which takes the site's address from the
request's Host header; ours comes from the settings.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Rss201rev2Feed, rfc3339_date
from django.utils.html import escape
from django.utils.http import http_date
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from blog.addresses import absolute
from blog.cleaning import ATTRIBUTES, TAGS, URL_SCHEMES
from blog.models import Post, SiteSettings
from blog.views import site_of

ITEM_COUNT = 20
MAX_AGE_S = 300
# What XML 1.0 (section 2.2) allows in no document, however it is written.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class ReviewFeed(Rss201rev2Feed):
    """RSS 2.0 with full text, bylines, images and the source of link posts."""

    def rss_attributes(self) -> dict[str, str]:
        """Return the namespaces that the items use."""
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Write the channel's elements, and the feed's own address with its type."""
        super().add_root_elements(handler)
        own = {"rel": "self", "type": "application/rss+xml", "href": self.feed["own_url"]}
        handler.addQuickElement("atom:link", None, own)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write an item's elements."""
        super().add_item_elements(handler, item)
        for name in item["creators"]:
            handler.addQuickElement("dc:creator", name)
        if item["source_url"]:
            handler.addQuickElement("source", item["outlet"], {"url": item["source_url"]})
        if item["image"]:
            handler.addQuickElement("media:content", None, item["image"])
        if item["corrected_at"]:
            handler.addQuickElement("atom:updated", rfc3339_date(item["corrected_at"]))
        handler.addQuickElement("content:encoded", item["content"])


@require_safe
def latest(request: HttpRequest) -> HttpResponseBase:
    """Serve the newest posts as RSS, or 304 to those who have them."""
    newest = Post.objects.published(now=timezone.now()).select_related("category", "image")
    whole = newest.prefetch_related("authors", "categories", "tags")  # type: ignore[misc]  # taggit has no types
    posts = list(whole[:ITEM_COUNT])
    prefetch_related_objects([post for post in posts if post.corrected_at], "corrections")
    feed = posts_feed(posts, site=site_of(request), own_url=absolute(reverse("feed")))
    changes = [
        instant
        for post in posts
        for instant in (post.updated_at, post.published_at, post.corrected_at)
        if instant
    ]
    changed_at = max(changes, default=None)
    return feed_response(request, feed, changed_at=changed_at)


def posts_feed(posts: Iterable[Post], *, site: SiteSettings, own_url: str) -> ReviewFeed:
    """Return the feed of ``posts``, newest first, whose own address is ``own_url``."""
    channel = {
        "title": site.title,
        "link": absolute("/"),
        "description": site.description or site.tagline or site.title,
        "language": site.language,
        "own_url": own_url,
    }
    feed = ReviewFeed(**_fit_for_xml(channel))
    for post in posts:
        feed.add_item(**_fit_for_xml(_item(post, site=site)))
    return feed


def feed_response(
    request: HttpRequest, feed: ReviewFeed, *, changed_at: datetime | None
) -> HttpResponseBase:
    """Return the written feed, or 304; If-None-Match wins over If-Modified-Since (RFC 9110).

    ``changed_at`` is when anything in it was last saved, be it a comma.
    """
    body = feed.writeString("utf-8").encode()
    changed_s = int((changed_at or feed.latest_post_date()).timestamp())
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "Cache-Control": f"public, max-age={MAX_AGE_S}",
        "ETag": etag,
        "Last-Modified": http_date(changed_s),
    }
    response = HttpResponse(body, content_type=feed.content_type, headers=headers)
    return (
        get_conditional_response(request, etag=etag, last_modified=changed_s, response=response)
        or response
    )


def _item(post: Post, *, site: SiteSettings) -> dict[str, Any]:
    link = absolute(post.get_absolute_url())
    return {
        "title": post.title,
        "link": link,
        # Readers take a description for HTML; an opinion that is a title alone still has one.
        "description": escape(post.summary or post.title),
        "pubdate": post.published_at,
        # Readers are told of a correction, not of every comma (RFC 4287, section 4.2.15).
        "updateddate": post.corrected_at or post.published_at,
        "corrected_at": post.corrected_at,
        "unique_id": item_id(post),
        "unique_id_is_permalink": False,
        "categories": _keywords(post),
        "creators": [author.name for author in post.authors.all()] or [site.publisher],
        "source_url": post.source_url,
        "outlet": post.outlet,
        "image": _media(post),
        "content": _content(post, link=link, site=site),
    }


def item_id(post: Post) -> str:
    """Return what identifies a post in every feed for ever: a tag URI (RFC 4151).

    No later change of slug, date or title and no move to HTTPS makes an old post a new one.
    """
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{post.created_at:%Y-%m-%d}:post-{post.pk}"


def _keywords(post: Post) -> list[str]:
    sections = [post.category.name, *(category.name for category in post.categories.all())]
    return list(dict.fromkeys(sections + [tag.name for tag in post.tags.all()]))


def _media(post: Post) -> dict[str, str] | None:
    if post.image is None:
        return None
    address, width, height = post.image.fallback
    size = {"width": str(width), "height": str(height)}
    return {"url": absolute(address), "medium": "image"} | size


def _content(post: Post, *, link: str, site: SiteSettings) -> str:
    """Return the full text, signed by the site."""
    context = {"post": post, "link": link, "body": absolute_body(post, link=link), "site": site}
    return render_to_string("blog/feed_item.html", context).strip()


def absolute_body(post: Post, *, link: str) -> str:
    """Return the text of the post at ``link`` with every address in it absolute."""
    return nh3.clean(
        post.body,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=URL_SCHEMES,
        link_rel="noopener",
        url_relative=("rewrite_with_base", link),
    )


def _fit_for_xml(value: Any) -> Any:
    """Return ``value`` with the characters that break an XML document left out of its texts."""
    if isinstance(value, str):
        return _NOT_IN_XML.sub("", value)
    if isinstance(value, dict):
        return {key: _fit_for_xml(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_fit_for_xml(part) for part in value]
    return value
