"""The feeds of the collections: headlines whose titles lead to their outlets."""

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from aggregator.models import Collection, Pick, PickQuerySet
from aggregator.sharing import has_key, is_shareable
from aggregator.sources import add_sources
from blog.addresses import absolute, tag_uri
from blog.caching import for_everyone
from blog.feeds.item import Item, Person, Picture, Source
from blog.feeds.serving import Form, Listing, Newest, feed_response
from blog.models import SiteSettings
from blog.text import excerpt, language_tag
from blog.views import site_of

SUMMARY_LENGTH = 280


@for_everyone
def collection_feed(request: HttpRequest, slug: str, *, form: Form) -> HttpResponseBase:
    """Serve the headlines that were placed last, pinned or not."""
    found = get_object_or_404(Collection.objects.public(), slug=slug)
    site = site_of(request)
    listing = Listing(
        title=f"{found.title} – {site.title}",
        path=found.get_absolute_url(),
        description=found.intro,
    )
    picks = Pick.objects.public(now=timezone.now()).filter(collection=found)
    return feed_response(request, form, listing, newest_picks(picks, found, site=site))


def newest_picks(picks: PickQuerySet, collection: Collection, *, site: SiteSettings) -> Newest:
    """Return what was placed last among ``picks`` for a feed, in three queries."""
    whole = picks.select_related("headline__feed", "headline__thumbnail").prefetch_related(
        "headline__tags"
    )  # type: ignore[misc]  # taggit has no types
    marked = whole.annotate(is_private=has_key("headline__feed"))
    rows = list(marked.order_by("-placed_at", "-id")[: collection.feed_count])
    add_sources(rows)
    return Newest(
        rows=[collection, *(fact for pick in rows for fact in _all_of(pick))],
        changed_at=max((_changed_at(pick) for pick in rows), default=None),
        items=lambda: [_item(pick, collection, site=site) for pick in rows],
    )


def _all_of(pick: Pick) -> Iterator[object]:
    """Yield all rows that a pick's item is made of."""
    feed = pick.headline.feed
    yield from (pick, pick.headline, (feed.title, feed.url, feed.site_url))
    yield from pick.headline.tags.all()
    yield pick.also_at
    yield pick.picture.folder if pick.picture else ""


def _changed_at(pick: Pick) -> datetime:
    """Return when the headline was placed, or its outlet changed it after that."""
    headline = pick.headline
    return max(pick.placed_at, headline.updated_at) if headline.is_changed else pick.placed_at


def _item(pick: Pick, collection: Collection, *, site: SiteSettings) -> Item:
    headline, ours = pick.headline, absolute(collection.get_absolute_url())
    context = {"pick": pick, "collection": collection, "link": ours, "site": site}
    breaking = [_("Breaking")] if pick.is_breaking else []
    title_language = language_tag(pick.title_tongue)
    whole_language = title_language or site.language
    summary_language = language_tag(pick.summary_tongue) or site.language
    names = [headline.author] if headline.author else [headline.outlet]
    return Item(
        id=tag_uri(headline.first_seen_at, f"headline-{headline.pk}"),
        url=pick.link or ours,
        related_url=ours,
        external_url=pick.link,
        title=pick.shown_title,
        summary=excerpt(pick.shown_summary, max_length=SUMMARY_LENGTH),
        content=render_to_string("aggregator/feed_item.html", context).strip(),
        # When we showed it: a reader that sorts by date would bury yesterday's article.
        published_at=pick.placed_at,
        updated_at=_changed_at(pick),
        authors=[Person(name=name) for name in names if name],
        keywords=[*breaking, *(tag.name for tag in headline.tags.all())],
        language=title_language,
        summary_language=summary_language if summary_language != whole_language else "",
        picture=_picture(pick) if site.shows_outside_pictures else None,
        source=_source(pick),
    )


def _picture(pick: Pick) -> Picture | None:
    if pick.picture is None:
        return None
    url, width, height = pick.picture.fallback
    return Picture(url=absolute(url), width=width, height=height)


def _source(pick: Pick) -> Source | None:
    """Return the outlet with its feed, or with its site if that feed is nobody's business."""
    feed = pick.headline.feed
    is_private = getattr(pick, "is_private", True) or not is_shareable(feed.url)
    address = feed.site_url if is_private else feed.url
    return Source(name=feed.title or pick.headline.outlet, url=address) if address else None
