"""How many items a feed brought each day, as numbers and as a small drawing."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from aggregator.models import Feed, Headline

DAYS = 14
_BAR, _GAP, _HEIGHT = 5, 2, 20


def daily_counts(feeds: Iterable[Feed], *, now: datetime) -> dict[int, list[int]]:
    """Return for each feed how many items it published on each of the last DAYS days, today last.

    One query for all of them, however many headlines are stored.
    """
    today = localdate(now)
    first = today - timedelta(days=DAYS - 1)
    keys = [feed.pk for feed in feeds]
    counts = {key: [0] * DAYS for key in keys}
    rows = (
        Headline.objects.filter(feed__in=keys, published_at__gte=now - timedelta(days=DAYS))
        .order_by()
        .annotate(day=TruncDate("published_at"))
        .values_list("feed", "day")
        .annotate(count=Count("pk"))
    )
    for key, day, count in rows:
        if first <= day <= today:
            counts[key][(day - first).days] = count
    return counts


def drawn(counts: Sequence[int]) -> SafeString:
    """Return a drawing of the counts, with its words for those who do not see it."""
    most = max([*counts, 1])
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"/>',
        ((x, _HEIGHT - height, _BAR, height) for x, height in _bars(counts, most)),
    )
    words = _("Items a day, over %(days)d days: %(total)d in all, %(most)d at most") % {
        "days": len(counts),
        "total": sum(counts),
        "most": max([*counts, 0]),
    }
    return format_html(
        '<svg class="sparkline" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" '
        'height="{}"><title>{}</title>{}</svg>',
        *(words, len(counts) * (_BAR + _GAP), _HEIGHT, len(counts) * (_BAR + _GAP), _HEIGHT),
        *(words, bars),
    )


def _bars(counts: Sequence[int], most: int) -> Iterable[tuple[int, int]]:
    """Yield place and height of each day's bar; a day with anything at all shows."""
    for day, count in enumerate(counts):
        height = max(round(_HEIGHT * count / most), 2) if count else 1
        yield day * (_BAR + _GAP), height
