"""The addresses of the publication."""

from django.urls import path
from django.views.generic import RedirectView

from blog import views
from blog.feeds.serving import feed_paths
from blog.feeds.views import category_feed, site_feed, tag_feed

urlpatterns = [
    path("<int:year>/<int:month>/<int:day>/<slug:slug>/", views.post, name="post"),
    path("category/<slug:slug>/", views.category, name="category"),
    path(
        "category/<slug:slug>/page/1/",
        RedirectView.as_view(pattern_name="category", permanent=True),
    ),
    path("category/<slug:slug>/page/<page:number>/", views.category),
    path("tag/<str:slug>/", views.tag, name="tag"),
    path("tag/<str:slug>/page/1/", RedirectView.as_view(pattern_name="tag", permanent=True)),
    path("tag/<str:slug>/page/<page:number>/", views.tag),
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/page/1/", RedirectView.as_view(pattern_name="corrections", permanent=True)),
    path("corrections/page/<page:number>/", views.corrections),
    path("preview/<str:token>/", views.preview, name="preview"),
    *feed_paths("", site_feed, name="feed"),
    *feed_paths("category/<slug:slug>/", category_feed, name="category-feed"),
    *feed_paths("tag/<str:slug>/", tag_feed, name="tag-feed"),
]
