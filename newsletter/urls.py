"""The newsletter's addresses, at the root of the site."""

from django.urls import path

from newsletter import views

app_name = "newsletter"
urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/check-your-inbox/", views.check_your_inbox, name="check-your-inbox"),
    path("subscribe/confirm/<str:token>/", views.confirm, name="confirm"),
    path("subscription/<str:token>/", views.subscription, name="subscription"),
    path("subscription/<str:token>/unsubscribe/", views.unsubscribe, name="unsubscribe"),
    path("subscription/<str:token>/resubscribe/", views.resubscribe, name="resubscribe"),
]
