"""App configuration of the newsletter."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """What goes out by e-mail."""

    name = "newsletter"
    verbose_name = _("Newsletter")
