"""App configuration of the newsletter."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """What goes out by e-mail."""

    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        """Say that subscribers are found by the parts of their addresses."""
        from blog import finding  # noqa: PLC0415  models are loaded by now
        from newsletter.models import Subscriber  # noqa: PLC0415  models are loaded by now

        finding.index_words(Subscriber, "email", "email_key")
