"""How evenly outlets share an edition, by itself and with what its digest has mailed before."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from aggregator.balance import DAY, MOST, WEEK, Balance, balance_of
from blog.models import SiteSettings
from newsletter.models import Edition, EditionItem


def of_edition(edition: Edition, *, now: datetime, site: SiteSettings) -> Balance:
    """Return the balance of an edition's articles, and of the same with a day's and a week's mail.

    One query, by the digest's editions that went out within a week and their items.
    """
    own = Q(edition=edition)
    if edition.digest_id:
        recent = Edition.objects.public().filter(
            digest=edition.digest_id, frozen_at__gt=now - WEEK, frozen_at__lte=now
        )
        own |= Q(edition__in=recent.order_by().values("pk"))
    items = EditionItem.objects.filter(own, kind=EditionItem.Kind.PICK, is_dropped=False)
    newest = items.order_by("-edition_id", "position").values_list(
        *("edition_id", "edition__frozen_at", "outlet")
    )
    rows = list(newest[:MOST])
    mine = [outlet for pk, _at, outlet in rows if pk == edition.pk]
    day = [
        outlet for pk, at, outlet in rows if pk == edition.pk or (at is not None and at > now - DAY)
    ]
    spans = [
        (_("this edition"), mine),
        (_("with those of 24 hours"), day),
        (_("with those of 7 days"), [outlet for _pk, _at, outlet in rows]),
    ]
    return balance_of(spans, name=str(edition), site=site)
