"""The list of the feeds that we read, for readers to take along (``/opml.xml``)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from aggregator import opml
from aggregator.models import Feed
from aggregator.opml import Outline
from aggregator.sharing import has_key, is_shareable
from blog.caching import for_everyone
from blog.views import site_of

MOST = 10_000
MAX_AGE_S = 3600


@for_everyone
def blogroll(request: HttpRequest) -> HttpResponse:
    """Serve the feeds that are polled as OPML 2.0, by folders; none that needs a key."""
    site = site_of(request)
    if not site.shows_feeds:
        raise Http404
    feeds = (
        Feed.objects.filter(is_active=True)
        .exclude(health=Feed.Health.GONE)
        .exclude(has_key("pk"))
        .order_by("pk")
        .values_list("url", "title", "site_url", "folder", "created_at")[:MOST]
    )
    shown = [feed for feed in feeds if is_shareable(feed[0])]
    outlines = (
        Outline(
            line=0,
            url=url,
            title=title,
            site_url=home if is_shareable(home) else "",
            folder=folder,
        )
        for url, title, home, folder, _ in shown
    )
    # The same list is the same document, whenever it is written.
    made_at = max((feed[-1] for feed in shown), default=timezone.now())
    document = opml.write(outlines, title=site.title, now=made_at)
    headers = {"Cache-Control": f"public, max-age={MAX_AGE_S}"}
    return HttpResponse(document, content_type="text/x-opml; charset=utf-8", headers=headers)
