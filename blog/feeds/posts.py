"""Posts as items of feeds."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import nh3
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string

from blog.addresses import absolute, tag_uri
from blog.cleaning import ATTRIBUTES, TAGS, URL_SCHEMES
from blog.feeds.item import Item, Person, Picture, Source
from blog.feeds.serving import Newest
from blog.models import Post, PostQuerySet, SiteSettings

ITEM_COUNT = 20


def newest_posts(posts: PostQuerySet, *, site: SiteSettings) -> Newest:
    """Return the first of ``posts`` for a feed: four queries, five if one is corrected."""
    # A withdrawal changes a feed, but leaves no row in it.
    withdrawals = Post.objects.withdrawn().order_by("-updated_at").values("updated_at")[:1]
    whole = posts.select_related("category", "image").annotate(withdrawn_at=withdrawals)
    rows = list(whole.prefetch_related("authors", "categories", "tags")[:ITEM_COUNT])  # type: ignore[misc]  # taggit has no types
    prefetch_related_objects([post for post in rows if post.corrected_at], "corrections")
    changes = [change for post in rows for change in _changes_of(post) if change]
    return Newest(
        rows=list(_all_of(rows)),
        changed_at=max(changes, default=None),
        items=lambda: [item_of(post, site=site) for post in rows],
    )


def _changes_of(post: Post) -> Iterator[datetime | None]:
    yield from (post.updated_at, post.published_at, post.corrected_at)
    yield getattr(post, "withdrawn_at", None)


def _all_of(posts: Sequence[Post]) -> Iterator[object]:
    """Yield all rows that the items of ``posts`` are made of."""
    for post in posts:
        yield from (post, post.category, post.image)
        yield from (*post.authors.all(), *post.categories.all(), *post.tags.all())
        if post.corrected_at:
            yield from post.corrections.all()


def item_of(post: Post, *, site: SiteSettings) -> Item:
    """Return a post as an item."""
    link = absolute(post.get_absolute_url())
    published_at = post.published_at or post.created_at
    signed = [
        Person(name=author.name, url=absolute(author.get_absolute_url()))
        for author in post.authors.all()
    ]
    return Item(
        id=item_id(post),
        url=link,
        related_url=post.source_url,
        external_url=post.source_url,
        title=post.title,
        summary=post.summary,
        content=_content(post, link=link, site=site),
        published_at=published_at,
        # Readers are told of a correction, not of every comma (RFC 4287, section 4.2.15).
        updated_at=max(post.corrected_at or published_at, published_at),
        authors=signed or [Person(name=site.publisher)],
        keywords=_keywords(post),
        language=post.language,
        picture=_picture(post),
        source=Source(name=post.outlet, url=post.source_url) if post.source_url else None,
    )


def item_id(post: Post) -> str:
    """Return what identifies a post in every feed for ever: a tag URI (RFC 4151).

    No later change of slug, date or title and no move to HTTPS makes an old post a new one.
    """
    return tag_uri(post.created_at, f"post-{post.pk}")


def _keywords(post: Post) -> list[str]:
    sections = [post.category.name, *(category.name for category in post.categories.all())]
    return list(dict.fromkeys(sections + [tag.name for tag in post.tags.all()]))


def _picture(post: Post) -> Picture | None:
    if post.image is None:
        return None
    address, width, height = post.image.fallback
    return Picture(url=absolute(address), width=width, height=height)


def _content(post: Post, *, link: str, site: SiteSettings) -> str:
    """Return the text, or what the site gives of it, signed by the site."""
    is_whole = site.feed_text == SiteSettings.FeedText.WHOLE
    body = absolute_body(post, link=link) if is_whole else ""
    context = {"post": post, "link": link, "body": body, "site": site}
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
