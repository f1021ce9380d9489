"""Throw away the headlines that nobody picked and whose time is over."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from aggregator.retention import Pruned, Terms, prune


class Command(BaseCommand):
    help = (
        "Throw away the headlines that nobody picked and whose time is over, in small steps. "
        "May be interrupted and started again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.done = Pruned()
        try:
            prune(Terms.from_settings(), now=timezone.now(), on_step=self.tell)
        except KeyboardInterrupt:
            self.stdout.write(_("\nInterrupted; the rest goes at the next start."))
            return
        self.stdout.write(("\n" if self.is_terminal else "") + self.words())

    @property
    def is_terminal(self) -> bool:
        return bool(self.stdout.isatty())

    def tell(self, done: Pruned) -> None:
        self.done = done
        if self.is_terminal:
            self.stdout.write("\r" + self.words(), ending="")
            self.stdout.flush()

    def words(self) -> str:
        return _(
            "%(deleted)d headlines deleted, %(trimmed)d trimmed, %(forgotten)d fingerprints gone"
        ) % {
            "deleted": self.done.deleted,
            "trimmed": self.done.trimmed,
            "forgotten": self.done.forgotten,
        }
