"""Maps of the site for search engines (https://www.sitemaps.org/protocol.html), and robots.txt.

Posts are listed by months, whose numbers are kept (blog.lists): so the index costs a row a month,
and a part no more than its own posts, however long the archive is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from aggregator.models import Collection, Pick
from blog.addresses import absolute, path_to
from blog.archive import month_of
from blog.caching import for_everyone
from blog.feeds.document import Document
from blog.lists import STREAM
from blog.models import Category, ListKind, Page, Place, Post
from blog.views import site_of
from blog.xml_text import without_forbidden
from newsletter.archive import past_digests

PART_SIZE = 5_000
LAST_CHANGES = 2_000
"""So many posts that were saved last tell when their months were changed."""
NEWS_AGE = timedelta(days=2)
MOST_NEWS = 1_000
MAX_AGE_S = 3600
NEWS_MAX_AGE_S = 300

_SITEMAP = {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}
_NEWS = _SITEMAP | {"xmlns:news": "http://www.google.com/schemas/sitemap-news/0.9"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An address of the site, and when what stands there was last changed, if we know."""

    path: str
    changed_at: datetime | None = None


@for_everyone
def index(_request: HttpRequest) -> HttpResponse:
    """Serve the list of all parts: four queries."""
    now = timezone.now()
    newest = _last_changes()
    sections = Entry(reverse("sitemap-sections"), max(newest.values(), default=None))
    parts = [sections, *_digests(), *_parts(now=now, changes=newest)]
    return _answer(_written("sitemapindex", "sitemap", parts))


def _digests() -> Iterator[Entry]:
    """Yield the part with the newsletter's archive, if there is one."""
    last = past_digests().first()
    if last:
        yield Entry(reverse("sitemap-newsletter"), last.frozen_at)


@for_everyone
def newsletter(_request: HttpRequest) -> HttpResponse:
    """Serve the newest digests: one query."""
    rows = list(past_digests()[:PART_SIZE])
    if not rows:
        raise Http404
    archive = Entry(reverse("newsletter:archive"), rows[0].frozen_at)
    digests = (Entry(row.get_absolute_url(), row.frozen_at) for row in rows)
    return _answer(_written("urlset", "url", [archive, *digests]))


def _parts(*, now: datetime, changes: Mapping[tuple[int, int], datetime]) -> Iterator[Entry]:
    """Yield the parts with public posts, the newest month first.

    A month that lies before the current one has no post that is scheduled.
    """
    this_month = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    public = STREAM.places().filter(published_at__gte=this_month, published_at__lte=now).count()
    past = STREAM.tallies().filter(starts_at__lt=this_month, count__gt=0)
    counts = [(this_month, public), *past.values_list("starts_at", "count")]
    for starts_at, count in counts:
        local = timezone.localtime(starts_at)
        month = local.year, local.month
        for number in range(1, ceil(count / PART_SIZE) + 1):
            yield Entry(reverse("sitemap-posts", args=[*month, number]), changes.get(month))


def _last_changes() -> dict[tuple[int, int], datetime]:
    """Return when months were changed, those that were lately."""
    saved = Post.objects.order_by("-updated_at").values_list("published_at", "updated_at", "status")
    changes: dict[tuple[int, int], datetime] = {}
    now = timezone.now()
    for published_at, updated_at, status in saved[:LAST_CHANGES]:
        was_public = status in {Post.Status.PUBLISHED, Post.Status.WITHDRAWN}
        if was_public and published_at and published_at <= now:
            local = timezone.localtime(published_at)
            month = local.year, local.month
            changes[month] = max(changes.get(month, updated_at), updated_at, published_at)
    return changes


@for_everyone
def posts(_request: HttpRequest, year: int, month: int, number: int) -> HttpResponse:
    """Serve a part of the public posts of a month: one query."""
    of_month = month_of(year, month).posts()
    start = (number - 1) * PART_SIZE
    found = Post.objects.published(now=timezone.now()).filter(
        published_at__gte=of_month.since, published_at__lt=of_month.before
    )
    rows = found.only("slug", "published_at", "updated_at")[start : start + PART_SIZE]
    entries = [Entry(post.get_absolute_url(), _changed_at(post)) for post in rows]
    if not entries:
        raise Http404
    return _answer(_written("urlset", "url", entries))


def _changed_at(post: Post) -> datetime:
    return max(post.updated_at, post.published_at or post.updated_at)


@for_everyone
def sections(_request: HttpRequest) -> HttpResponse:
    """Serve the front page, pages, categories and collections: four queries."""
    now = timezone.now()
    newest = STREAM.places().filter(published_at__lte=now).values_list("published_at", flat=True)
    entries = [
        Entry("/", newest.first()),
        *(Entry(page.get_absolute_url(), page.updated_at) for page in Page.objects.published()),
        *_categories(now=now),
        *_collections(now=now),
    ]
    return _answer(_written("urlset", "url", entries))


def _categories(*, now: datetime) -> Iterator[Entry]:
    inside = Place.objects.filter(
        kind=ListKind.CATEGORY, list_id=OuterRef("pk"), published_at__lte=now
    )
    newest = Subquery(inside.order_by("-published_at").values("published_at")[:1])
    for category in Category.objects.annotate(newest_at=newest).exclude(newest_at=None):
        yield Entry(category.get_absolute_url(), category.newest_at)


def _collections(*, now: datetime) -> Iterator[Entry]:
    inside = Pick.objects.public(now=now).filter(collection=OuterRef("pk"))
    newest = Subquery(inside.order_by("-placed_at").values("placed_at")[:1])
    dated = Collection.objects.public().annotate(newest_at=newest).exclude(newest_at=None)
    for slug, newest_at in dated.values_list("slug", "newest_at"):
        yield Entry(path_to("collection", slug), newest_at)


@for_everyone
def news(request: HttpRequest) -> HttpResponse:
    """Serve our own articles of the last two days; what we only pass on is no news of ours."""
    site, now = site_of(request), timezone.now()
    recent = Post.objects.published(now=now).filter(published_at__gte=now - NEWS_AGE)
    own = recent.exclude(kind=Post.Kind.LINK).only("slug", "published_at", "title", "language")
    document = Document()
    with document.within("urlset", _NEWS):
        for post in own[:MOST_NEWS]:
            with document.within("url"):
                document.add("loc", absolute(post.get_absolute_url()))
                _add_news(document, post, name=site.title)
    return _answer(document, max_age_s=NEWS_MAX_AGE_S)


def _add_news(document: Document, post: Post, *, name: str) -> None:
    with document.within("news:news"):
        with document.within("news:publication"):
            document.add("news:name", without_forbidden(name))
            document.add("news:language", post.language)
        local = timezone.localtime(post.published_at)
        document.add("news:publication_date", local.isoformat(timespec="seconds"))
        document.add("news:title", without_forbidden(post.title))


@for_everyone
def robots(_request: HttpRequest) -> HttpResponse:
    """Tell robots (RFC 9309) where the maps are, and what is not for them."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/",
        "",
        f"Sitemap: {absolute(reverse('sitemap'))}",
        f"Sitemap: {absolute(reverse('news-sitemap'))}",
        "",
    ]
    return HttpResponse(
        "\n".join(lines),
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": f"public, max-age={MAX_AGE_S}"},
    )


def _written(root: str, each: str, entries: Iterable[Entry]) -> Document:
    document = Document()
    with document.within(root, _SITEMAP):
        for entry in entries:
            with document.within(each):
                document.add("loc", absolute(entry.path))
                if entry.changed_at:
                    changed_at = timezone.localtime(entry.changed_at)
                    document.add("lastmod", changed_at.isoformat(timespec="seconds"))
    return document


def _answer(document: Document, *, max_age_s: int = MAX_AGE_S) -> HttpResponse:
    return HttpResponse(
        document.to_bytes(),
        content_type="application/xml; charset=utf-8",
        headers={"Cache-Control": f"public, max-age={max_age_s}"},
    )
