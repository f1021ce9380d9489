"""App configuration of the newsletter."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """What goes out by e-mail."""

    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        """Say how subscribers are found, what readers see, and that stopped mail stays so."""
        from django.db.models.signals import pre_delete  # noqa: PLC0415  models are loaded by now

        from blog import changes, finding  # noqa: PLC0415  models are loaded by now
        from newsletter import sign_up_tasks, suppression  # noqa: PLC0415  models are loaded by now
        from newsletter.models import Edition, Subscriber  # noqa: PLC0415  models are loaded by now

        assert sign_up_tasks  # noqa: S101  brings the clock its task
        finding.index_words(Subscriber, "email", "email_key")
        # Its state moves all the time while it goes out; what readers see of it is frozen.
        changes.watch(Edition, columns=("frozen_at", "finished_at"))
        pre_delete.connect(suppression.remember_deleted, sender=Subscriber)
