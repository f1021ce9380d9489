"""The addresses of the publication."""

from django.urls import path
from django.views.generic import RedirectView

from blog import feeds, views

urlpatterns = [
    path("<int:year>/<int:month>/<int:day>/<slug:slug>/", views.post, name="post"),
    path("category/<slug:slug>/", views.category, name="category"),
    path(
        "category/<slug:slug>/page/1/",
        RedirectView.as_view(pattern_name="category", permanent=True),
    ),
    path("category/<slug:slug>/page/<page:number>/", views.category),
    path("feed/", feeds.latest, name="feed"),
]
