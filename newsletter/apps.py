"""App configuration of the newsletter."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """What goes out by e-mail."""

    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        """Say how subscribers are found, what readers see, and that stopped mail stays so."""
        from blog import changes, finding  # noqa: PLC0415  models are loaded by now
        from newsletter.models import Edition, Subscriber  # noqa: PLC0415  models are loaded by now

        for room in ("importing", "subscribing"):
            import_module(f"newsletter.{room}.tasks")  # the clock learns of them
        finding.index_words(Subscriber, "email", "email_key")
        # Its state moves all the time while it goes out; what readers see of it is frozen.
        changes.watch(Edition, columns=("frozen_at", "finished_at"))
        self._hear_what_comes_back()

    def _hear_what_comes_back(self) -> None:
        from anymail.signals import pre_send, tracking  # noqa: PLC0415
        from django.db.models.signals import pre_delete  # noqa: PLC0415

        from newsletter import providers, suppression  # noqa: PLC0415  models are loaded by now
        from newsletter.models import Subscriber  # noqa: PLC0415  models are loaded by now

        pre_delete.connect(suppression.remember_deleted, sender=Subscriber)
        pre_send.connect(providers.leave_return_path_to_provider)
        tracking.connect(providers.take_event)
