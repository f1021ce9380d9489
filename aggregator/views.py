"""The readers' page of a collection."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from aggregator.models import Collection
from aggregator.paging import Place, page_of
from aggregator.sources import add_sources
from blog.caching import for_everyone
from blog.lists import load_authors
from blog.views import recent_posts


@for_everyone
def collection(
    request: HttpRequest, slug: str, number: int = 1, before: Place | None = None
) -> HttpResponse:
    """Show a page of the headlines in a collection."""
    now = timezone.now()
    found = get_object_or_404(Collection.objects.public().select_related("image"), slug=slug)
    page = page_of(found, number=number, before=before, now=now)
    add_sources(page.rows)
    recent = recent_posts(now=now)
    load_authors(recent)
    context = {"collection": found, "page": page, "recent": recent}
    return render(request, "aggregator/collection.html", context)
