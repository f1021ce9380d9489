"""App configuration of the aggregator."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AggregatorConfig(AppConfig):
    """Outside feeds and what we pick from them."""

    name = "aggregator"
    verbose_name = _("Feeds and collections")
