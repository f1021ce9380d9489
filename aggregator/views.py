"""The readers' page of a collection."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from aggregator.models import Collection, Pick
from aggregator.sources import add_sources
from blog.caching import for_everyone
from blog.lists import load_authors
from blog.paging import cut_page
from blog.views import recent_posts

PICKS_PER_PAGE = 30
MOST_PAGES = 50
"""What is older than 1,500 headlines is found by the search."""


@for_everyone
def collection(request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
    """Show a page of the headlines in a collection."""
    now = timezone.now()
    found = get_object_or_404(Collection.objects.public(), slug=slug)
    page = cut_page(
        Pick.objects.public(now=now).filter(collection=found).for_lists(),
        number=number,
        per_page=PICKS_PER_PAGE,
        most_pages=MOST_PAGES,
    )
    add_sources(page.rows)
    recent = recent_posts(now=now)
    load_authors(recent)
    context = {"collection": found, "page": page, "recent": recent}
    return render(request, "aggregator/collection.html", context)
