"""The readers' pages of the web archive, and its feeds."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.addresses import absolute, tag_uri
from blog.caching import for_everyone
from blog.feeds.item import Item, Person
from blog.feeds.serving import Form, Listing, Newest, feed_response
from blog.lists import load_authors
from blog.models import Post
from blog.paging import cut_page
from blog.text import excerpt
from blog.views import recent_posts, site_of
from newsletter import archive
from newsletter.models import Edition, EditionItem

PER_PAGE = 30
MOST_PAGES = 100
FEED_COUNT = 10
SUMMARY_LENGTH = 280


@for_everyone
def editions(request: HttpRequest, number: int = 1) -> HttpResponse:
    """Show a page of the digests that have gone out. Before the first one there is no such page."""
    page = cut_page(archive.past_digests(), number=number, per_page=PER_PAGE, most_pages=MOST_PAGES)
    if not page.rows:
        raise Http404
    return _show(request, "newsletter/archive.html", {"page": page})


@for_everyone
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a digest as it was mailed; lead from the mail of a single post to that post."""
    found = get_object_or_404(Edition.objects.public().select_related("digest"), pk=pk)
    now = timezone.now()
    if found.kind != Edition.Kind.DIGEST:
        post = get_object_or_404(Post.objects.published(now=now), pk=found.post_id)
        return HttpResponseRedirect(post.get_absolute_url())
    items = archive.standing_items([found], now=now)[found.pk]
    context = {"edition": found, "sections": archive.in_sections(items)}
    return _show(request, "newsletter/edition.html", context)


def _show(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    recent = recent_posts(now=timezone.now())
    load_authors(recent)
    return render(request, template, context | {"recent": recent})


@for_everyone
def feed(request: HttpRequest, *, form: Form) -> HttpResponseBase:
    """Serve the newest digests, each with what stands in it."""
    site, now = site_of(request), timezone.now()
    rows = list(archive.past_digests()[:FEED_COUNT])
    items = archive.standing_items(rows, now=now)
    publisher = Person(name=site.publisher, url=absolute("/"))
    newest = Newest(
        rows=[*rows, *(item for row in rows for item in items[row.pk])],
        changed_at=max((row.frozen_at for row in rows if row.frozen_at), default=None),
        items=lambda: [_feed_item(row, items[row.pk], publisher) for row in rows],
    )
    listing = Listing(title=_("%s by e-mail") % site.title, path=reverse("newsletter:archive"))
    return feed_response(request, form, listing, newest)


def _feed_item(row: Edition, items: list[EditionItem], publisher: Person) -> Item:
    context = {"edition": row, "sections": archive.in_sections(items)}
    at = row.frozen_at or row.due_at
    summary = row.intro or " · ".join(item.title for item in items)
    return Item(
        id=tag_uri(at, f"edition-{row.pk}"),
        url=absolute(row.get_absolute_url()),
        title=row.subject or str(row),
        summary=excerpt(summary, max_length=SUMMARY_LENGTH),
        content=render_to_string("newsletter/feed_item.html", context).strip(),
        published_at=at,
        updated_at=at,
        authors=[publisher],
    )
