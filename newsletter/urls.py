"""The newsletter's addresses, at the root of the site."""

from django.urls import path
from django.views.generic import RedirectView

from blog.feeds.serving import feed_paths
from newsletter import archive_views, views, webhook
from newsletter.subscription import own_page

app_name = "newsletter"
urlpatterns = [
    path("newsletter/", archive_views.editions, name="archive"),
    path(
        "newsletter/page/1/",
        RedirectView.as_view(pattern_name="newsletter:archive", permanent=True),
    ),
    path("newsletter/page/<page:number>/", archive_views.editions),
    path("newsletter/<int:pk>/", archive_views.edition, name="edition"),
    *feed_paths("newsletter/", archive_views.feed, name="feed"),
    path("hooks/mail/", webhook.provider_events, name="provider-events"),
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/check-your-inbox/", views.check_your_inbox, name="check-your-inbox"),
    path("subscribe/confirm/<str:token>/", views.confirm, name="confirm"),
    path("subscribe/move/<str:token>/", own_page.move, name="move"),
    path("subscription/<str:token>/", own_page.subscription, name="subscription"),
    path("subscription/<str:token>/pause/", own_page.pause, name="pause"),
    path("subscription/<str:token>/address/", own_page.change_address, name="change-address"),
    path("subscription/<str:token>/data/", own_page.data, name="my-data"),
    path("subscription/<str:token>/my-data.json", own_page.data_file, name="my-data-file"),
    path("subscription/<str:token>/erase/", own_page.erase, name="erase"),
    path("subscription/<str:token>/unsubscribe/", views.unsubscribe, name="unsubscribe"),
    path("subscription/<str:token>/resubscribe/", views.resubscribe, name="resubscribe"),
]
