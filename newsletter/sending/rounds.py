"""What a sender looks after every few seconds, besides sending."""

import time
from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.utils import translation

from blog.models import SiteSettings
from newsletter.models import MailSettings
from newsletter.sending import allowance, claims, watch
from newsletter.sending.allowance import Limits
from newsletter.sending.claims import Claimant, Errand

EVERY_S = 1.0
FORGET_EVERY_S = 3600.0


class Rounds:
    """The editions that go out and what is allowed, as they were at the last round."""

    def __init__(self, who: Claimant) -> None:
        self._who = who
        self._next_at = self._renew_at = self._forget_at = 0.0
        self.editions: list[int] = []
        self.limits: Limits | None = None

    def go(self, stock: Collection[Errand], *, now: datetime) -> bool:
        """Make a round if it is time; return whether it was."""
        clock = time.monotonic()
        if clock < self._next_at:
            return False
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()  # a restored database is another one
        site = SiteSettings.load()
        with translation.override(site.language):  # why one was paused is put down in words
            self.editions = watch.going(now=now)
        claims.release_expired(self._who, now=now)
        if self.editions:
            watch.finish(now=now)
        self.limits = Limits.of(MailSettings.load(), site=site, now=now)
        if clock >= self._renew_at:
            claims.renew(self._who, stock, now=now)
            self._renew_at = clock + self._who.lease.total_seconds() / 3
        if clock >= self._forget_at:
            allowance.forget(now=now)
            self._forget_at = clock + FORGET_EVERY_S
        self._next_at = clock + EVERY_S
        return True

    def hurry(self) -> None:
        """Make the next round at once."""
        self._next_at = 0.0
