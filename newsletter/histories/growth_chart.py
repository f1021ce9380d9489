"""The list's growth as a drawing. Pure; the numbers stand in a table below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from newsletter.histories.growth import Period

WIDTH, HEIGHT, MIDDLE, GAP = 900, 260, 150, 0.25
TOP = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar's place."""

    kind: str
    x: float
    y: float
    width: float
    height: float


def drawn(periods: Sequence[Period]) -> SafeString:
    """Return an SVG of the periods, the oldest on the left: a line for the total, bars for moves.

    It has words of its own for those who do not see it, and no colour is the only sign: what was
    gained stands above the line, what was lost hangs below.
    """
    if not periods:
        return SafeString("")
    shown = list(reversed(periods))
    words = _("From %(first)d to %(last)d subscribers; %(gained)d gained, %(left)d lost.") % {
        "first": shown[0].total,
        "last": shown[-1].total,
        "gained": sum(one.gained for one in shown),
        "left": sum(one.left for one in shown),
    }
    rows = (
        (bar.kind, *(f"{number:.1f}" for number in (bar.x, bar.y, bar.width, bar.height)))
        for bar in bars(shown)
    )
    rectangles = format_html_join(
        "", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', rows
    )
    return format_html(
        '<svg class="growth" role="img" aria-label="{}" viewBox="0 0 {} {}">'
        '<line x1="0" x2="{}" y1="{}" y2="{}"/>{}<polyline points="{}"/></svg>',
        *(words, WIDTH, HEIGHT, WIDTH, MIDDLE, MIDDLE, rectangles, line(shown)),
    )


def bars(periods: Sequence[Period]) -> Iterator[Bar]:
    """Yield the bars; whatever happened at all can be seen."""
    step = WIDTH / len(periods)
    up, down = MIDDLE - TOP, HEIGHT - MIDDLE - TOP
    most = max([*(one.gained for one in periods), *(one.left for one in periods), 1])
    for number, one in enumerate(periods):
        x, width = number * step + step * GAP / 2, step * (1 - GAP)
        if one.gained:
            height = max(one.gained / most * up, 2)
            yield Bar("gained", x, MIDDLE - height, width, height)
        if one.left:
            height = max(one.left / most * down, 2)
            yield Bar("left", x, MIDDLE, width, height)


def line(periods: Sequence[Period]) -> str:
    """Return the points of the total, between the lowest and the highest of them."""
    step = WIDTH / len(periods)
    low, high = min(one.total for one in periods), max(one.total for one in periods)
    span = max(high - low, 1)
    room = HEIGHT - 2 * TOP
    return " ".join(
        f"{(number + 0.5) * step:.1f},{HEIGHT - TOP - (one.total - low) / span * room:.1f}"
        for number, one in enumerate(periods)
    )
