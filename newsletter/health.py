"""Whether the last edition was taken: how much of it came back, and how many complained."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from newsletter.models import Bounce, Delivery, Edition

LOOKED_BACK = timedelta(days=7)
SLOWEST_CLOCK = timedelta(days=1)
BOUNCES_PER_CENT = 5.0
COMPLAINTS_PER_CENT = 0.1
# Of a short list, one mail is many per cent, and says nothing.
MIN_BOUNCES = 5
MIN_COMPLAINTS = 2

CAME_BACK = [Bounce.Kind.HARD, Bounce.Kind.SOFT, Bounce.Kind.QUOTA, Bounce.Kind.POLICY]
HANDED_OVER = [Delivery.State.SENT, Delivery.State.FAILED, Delivery.State.EXPIRED]


@dataclass(frozen=True)
class Health:
    """What became of an edition's mails."""

    edition: Edition
    bounces: int
    complaints: int

    @property
    def has_many_bounces(self) -> bool:
        """Whether more came back than mailbox providers put up with."""
        return self.bounces >= MIN_BOUNCES and self._is_above(self.bounces, BOUNCES_PER_CENT)

    @property
    def has_many_complaints(self) -> bool:
        """Whether more readers called it spam than mailbox providers put up with."""
        return self.complaints >= MIN_COMPLAINTS and self._is_above(
            self.complaints, COMPLAINTS_PER_CENT
        )

    def _is_above(self, count: int, per_cent: float) -> bool:
        """Count mails only as far as that takes: an edition may have a million."""
        allowed_by = int(count * 100 / per_cent)
        handed_over = Delivery.objects.filter(edition=self.edition, state__in=HANDED_OVER)
        return handed_over.order_by()[:allowed_by].count() < allowed_by


def of_last_edition(*, now: datetime) -> Health | None:
    """Return how the last edition of the past week that went out was taken; three queries."""
    sent = Edition.objects.filter(
        state__in=[Edition.State.SENDING, Edition.State.PAUSED, Edition.State.SENT],
        frozen_at__gt=now - LOOKED_BACK,
    )
    edition = sent.select_related("digest").order_by("-frozen_at").first()
    if edition is None:
        return None
    # Reports bear the time of whoever wrote them, whose clock may be slow.
    since = edition.frozen_at - SLOWEST_CLOCK if edition.frozen_at else now - LOOKED_BACK
    reports = Bounce.objects.filter(at__gte=since, delivery__edition=edition)
    return Health(
        edition=edition,
        bounces=_mails(reports.filter(kind__in=CAME_BACK)),
        complaints=_mails(reports.filter(kind=Bounce.Kind.COMPLAINT)),
    )


def _mails(reports: QuerySet[Bounce]) -> int:
    """Count mails, of each of which several reports may have come."""
    return reports.order_by().values("delivery").distinct().count()
