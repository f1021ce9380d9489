"""The addresses of the collections. They match any one word, so the site lists them last."""

from django.urls import path
from django.views.generic import RedirectView

from aggregator import views
from aggregator.feeds import collection_feed
from blog.feeds.serving import feed_paths

urlpatterns = [
    path("<slug:slug>/", views.collection, name="collection"),
    *feed_paths("<slug:slug>/", collection_feed, name="collection-feed"),
    path("<slug:slug>/page/1/", RedirectView.as_view(pattern_name="collection", permanent=True)),
    path("<slug:slug>/page/<page:number>/", views.collection),
    path("<slug:slug>/page/<page:number>/before/<place:before>/", views.collection),
]
