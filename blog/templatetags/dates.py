"""Template tags that show how old something is, in every template without ``{% load %}``."""

import json
from datetime import datetime
from functools import lru_cache

from django import template
from django.utils import formats, timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from blog import dates
from blog.dates import age_words, compact_age, long_date, relative_age

register = template.Library()

_TIME = '<time datetime="{}" title="{}" data-age="{}" data-date="{}">'


@register.filter
def for_machines(instant: datetime | None) -> str:
    """Return an instant for ``<time datetime>``; "" for none."""
    return dates.for_machines(instant) if instant else ""


register.filter("short_date", dates.short_date)


@register.simple_tag
def age(instant: datetime, form: str = "long") -> SafeString:
    """Render a ``<time>`` that says how long ago ``instant`` was.

    ``form`` is "long" (``7 min ago``) or "compact" (``7m``, with the long words for screen
    readers). The absolute time in the site's zone stands in the title.
    """
    now, where = timezone.now(), (get_language(), timezone.get_current_timezone_name())
    date, tag = _in_words(instant, form, *where)
    words: str = escape(relative_age(instant, now=now) or date)
    if form == "compact":
        short = f'<span aria-hidden="true">{escape(compact_age(instant, now=now))}</span>'
        words = f'{short}<span class="visually-hidden">{words}</span>'
    return mark_safe(f"{tag}{words}</time>")  # noqa: S308  every part is escaped


def spoken(instant: datetime, words: str) -> SafeString:
    """Return a ``<time>`` that says ``words``, with the absolute time in the zone as its title."""
    exact = formats.date_format(timezone.localtime(instant), "DATETIME_FORMAT")
    machines = dates.for_machines(instant)
    return format_html('<time datetime="{}" title="{}">{}</time>', machines, exact, words)


def short(instant: datetime) -> SafeString:
    """Return a ``<time>`` with date and hour in the zone, as short as a list wants them."""
    return spoken(instant, dates.short_date(instant))


@register.simple_tag
def age_script_words() -> str:
    """Return, as JSON, the words and the zone in which ages.js is to speak."""
    return _script_words(get_language(), timezone.get_current_timezone_name())


@lru_cache(maxsize=4096)
def _in_words(
    instant: datetime, form: str, _language: str | None, _zone_name: str
) -> tuple[str, SafeString]:
    """Return the date in words, and the tag that opens: with the ISO form in UTC, date and time.

    They never change for one instant, language and zone, and formatting dates is slow.
    """
    local, date = timezone.localtime(instant), long_date(instant)
    exact = formats.date_format(local, "DATETIME_FORMAT")
    return date, format_html(_TIME, dates.for_machines(instant), exact, form, date)


@lru_cache(maxsize=16)
def _script_words(_language: str | None, zone_name: str) -> str:
    return json.dumps(age_words(zone_name=zone_name), ensure_ascii=False, separators=(",", ":"))
