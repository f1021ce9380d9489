"""The addresses of the publication."""

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from blog import list_views, views
from blog.feeds.serving import feed_paths
from blog.feeds.views import author_feed, category_feed, site_feed, tag_feed


def paged(where: str, view: Callable[..., HttpResponseBase], *, name: str) -> list[URLPattern]:
    """Return the routes of a list and its pages; the first page has no number of its own."""
    first = RedirectView.as_view(pattern_name=name, permanent=True)
    return [
        path(where, view, name=name),
        path(f"{where}page/1/", first),
        path(f"{where}page/<page:number>/", view),
    ]


urlpatterns = [
    path("<int:year>/<int:month>/<int:day>/<slug:slug>/", views.post, name="post"),
    *paged("<year:year>/", list_views.year, name="year"),
    *paged("<year:year>/<two:month>/", list_views.month, name="month"),
    *paged("<year:year>/<two:month>/<two:day>/", list_views.day, name="day"),
    path("<year:year>/<two:month>/<slug:slug>/", list_views.without_day),
    path("archive/", list_views.all_dates, name="archive"),
    *paged("category/<slug:slug>/", list_views.category, name="category"),
    *paged("tag/<str:slug>/", list_views.tag, name="tag"),
    *paged("author/<slug:slug>/", list_views.author, name="author"),
    *paged("corrections/", views.corrections, name="corrections"),
    path("share/<int:key>-<slug:stamp>.png", views.share_image, name="share-image"),
    path("preview/<str:token>/", views.preview, name="preview"),
    *feed_paths("", site_feed, name="feed"),
    *feed_paths("category/<slug:slug>/", category_feed, name="category-feed"),
    *feed_paths("tag/<str:slug>/", tag_feed, name="tag-feed"),
    *feed_paths("author/<slug:slug>/", author_feed, name="author-feed"),
]
