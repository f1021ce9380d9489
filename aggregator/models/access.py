"""What a publisher's permission asks for: how one feed is fetched in a way of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aggregator.models.feed import URL_MAX_LENGTH, Feed


class FeedAccess(models.Model):
    """How to ask for one feed, where its publisher has given leave or a key.

    Header value, password, cookie and proxy are secrets: no page, log or export shows them.
    """

    SECRETS = ("header_value", "password", "cookie", "proxy")

    feed = models.OneToOneField(
        Feed, on_delete=models.CASCADE, related_name="access", verbose_name=_("feed")
    )
    user_agent = models.CharField(_("user agent"), max_length=300, blank=True)
    header_name = models.CharField(_("extra header"), max_length=100, blank=True)
    header_value = models.CharField(_("its value"), max_length=2000, blank=True)
    username = models.CharField(_("user name"), max_length=200, blank=True)
    password = models.CharField(_("password"), max_length=200, blank=True)
    cookie = models.TextField(_("cookie"), max_length=4000, blank=True)
    proxy = models.CharField(_("proxy"), max_length=URL_MAX_LENGTH, blank=True)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("access")

    def __str__(self) -> str:
        return str(self.feed)
