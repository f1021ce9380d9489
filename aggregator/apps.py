"""App configuration of the aggregator."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AggregatorConfig(AppConfig):
    """Outside feeds and what we pick from them."""

    name = "aggregator"
    verbose_name = _("Feeds and collections")

    def ready(self) -> None:
        """Say that collections stand under bare names, as pages do."""
        from aggregator.models import Collection  # noqa: PLC0415  models are loaded by now
        from blog.addresses import name_takers  # noqa: PLC0415  models are loaded by now

        name_takers.append(lambda name: Collection.objects.filter(slug=name).exists())
