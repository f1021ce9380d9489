"""The addresses of the demo's feeds."""

from django.urls import path

from newsandtimes.demo import views

urlpatterns = [path("feeds/<str:name>", views.feed, name="demo-feed")]
