"""How evenly outlets share a collection, and whether one has more than the publisher likes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aggregator.models import Collection, Pick
from blog.models import SiteSettings

DAY, WEEK = timedelta(hours=24), timedelta(days=7)
NAMED = 5
"""So many outlets are named; the rest are counted together."""
MOST = 2_000
"""So many picks, the newest, are looked at: a collection that feeds fill may have far more."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much is of one outlet; ``percent`` is rounded."""

    outlet: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Span:
    """The outlets of some headlines, the largest first."""

    name: str
    total: int
    shares: Sequence[Share]
    others: int
    """How many headlines are of outlets that are not named."""
    heavy: Share | None
    """The outlet that has more than the limit."""

    @property
    def bar(self) -> SafeString:
        """The shares as one bar, for the eye only: the words beside it say the same."""
        starts = accumulate((share.count for share in self.shares), initial=0)
        parts = format_html_join(
            "",
            '<rect class="share-{}{}" x="{}" width="{}" height="6"/>',
            (
                (
                    number,
                    " is-heavy" if share is self.heavy else "",
                    f"{100 * start / self.total:.2f}",
                    f"{100 * share.count / self.total:.2f}",
                )
                for number, (share, start) in enumerate(zip(self.shares, starts, strict=False), 1)
            ),
        )
        return format_html(
            '<svg class="balance-bar" aria-hidden="true" viewBox="0 0 100 6" '
            'preserveAspectRatio="none">{}</svg>',
            parts,
        )


@dataclass(frozen=True, slots=True)
class Balance:
    """The outlets of a collection or an edition over several spans, the shortest first."""

    of: str
    spans: Sequence[Span]
    limit: int
    """Percent of one outlet above which a span is heavy."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of any outlet."""
        return not any(span.total for span in self.spans)

    @property
    def warnings(self) -> Sequence[Span]:
        """The spans in which one outlet has too much."""
        return [span for span in self.spans if span.heavy]


def of_collection(
    collection: Collection, *, now: datetime, site: SiteSettings | None = None
) -> Balance:
    """Return the balance of what has stood in a collection since a day and since a week.

    One query by the index of the collection's picks, if ``site`` is given; its cost depends on
    the week, and no archive makes it grow.
    """
    standing = Pick.objects.standing(now=now).filter(
        collection=collection, placed_at__gt=now - WEEK
    )
    newest = standing.order_by("-placed_at", "-id").values_list("placed_at", "headline__outlet")
    rows = [(at, outlet) for at, outlet in newest[:MOST] if at <= now]
    spans = [
        (_("24 hours"), [outlet for at, outlet in rows if at > now - DAY]),
        (_("7 days"), [outlet for _at, outlet in rows]),
    ]
    return balance_of(spans, name=collection.title, site=site or SiteSettings.load())


def balance_of(
    spans: Iterable[tuple[str, Iterable[str]]], *, name: str, site: SiteSettings
) -> Balance:
    """Return the balance of spans that are given by their names and the outlets of their items."""
    limit, fewest = site.outlet_share, site.outlet_share_from
    found = [span_of(of, outlets, limit=limit, fewest=fewest) for of, outlets in spans]
    return Balance(name, found, limit)


def span_of(name: str, outlets: Iterable[str], *, limit: int, fewest: int) -> Span:
    """Count outlets; one is heavy with more than ``limit`` percent of at least ``fewest`` items.

    With a limit of 0 none is.
    """
    counts = Counter(outlet or _("without an outlet") for outlet in outlets)
    total = counts.total()
    largest = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:NAMED]
    shares = [Share(outlet, count, round(100 * count / total)) for outlet, count in largest]
    is_heavy = bool(shares) and total >= fewest and 0 < limit * total < 100 * shares[0].count
    others = total - sum(share.count for share in shares)
    return Span(name, total, shares, others, shares[0] if is_heavy else None)
