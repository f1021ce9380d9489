"""App configuration of the aggregator."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AggregatorConfig(AppConfig):
    """Outside feeds and what we pick from them."""

    name = "aggregator"
    verbose_name = _("Feeds and collections")

    def ready(self) -> None:
        """Say where collections stand and what is found by words; tell the hub of what is saved."""
        from django.db.models.signals import post_save  # noqa: PLC0415  models are loaded by now

        from aggregator import tasks  # noqa: PLC0415  models are loaded by now
        from aggregator.models import (  # noqa: PLC0415  models are loaded by now
            Collection,
            Feed,
            Headline,
            Pick,
            PreferredOutlet,
            StoryMember,
        )
        from blog import changes, finding, usage  # noqa: PLC0415  models are loaded by now
        from blog.addresses import name_takers  # noqa: PLC0415  models are loaded by now
        from blog.models import Correction, Post  # noqa: PLC0415  models are loaded by now

        usage.other_relations.append("collections")
        name_takers.append(lambda name: Collection.objects.filter(slug=name).exists())
        finding.index_words(Collection, "title")
        finding.index_words(Pick, "title", "translated_title")
        finding.index_words(Feed, "title", "url")
        finding.index_words(Headline, "title", "outlet")
        post_save.connect(tasks.wish_post, sender=Post)
        post_save.connect(tasks.wish_correction, sender=Correction)
        post_save.connect(tasks.wish_pick, sender=Pick)
        changes.watch(Collection, Pick, PreferredOutlet, StoryMember)
        changes.watch(Headline, columns=("is_hidden", "thumbnail_id"))
        changes.watch(Feed, columns=("title", "folder", "is_active"))
