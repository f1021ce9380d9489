"""App configuration of the blog."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    """The publication itself."""

    name = "blog"
    verbose_name = _("Publication")
