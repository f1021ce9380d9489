"""Template tags that show how old something is, in every template without ``{% load %}``."""

import json
from datetime import UTC, datetime
from functools import lru_cache

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from blog.dates import age_words, compact_age, long_date, relative_age

register = template.Library()

COMPACT = (
    '<time datetime="{}" title="{}" data-age="compact" data-date="{}">'
    '<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></time>'
)
LONG = '<time datetime="{}" title="{}" data-age="long" data-date="{}">{}</time>'


@register.simple_tag
def age(instant: datetime, form: str = "long") -> SafeString:
    """Render a ``<time>`` that says how long ago ``instant`` was.

    ``form`` is "long" (``7 min ago``) or "compact" (``7m``, with the long words for screen
    readers). The absolute time in the site's zone stands in the title.
    """
    now = timezone.now()
    words = _absolute_words(instant, get_language(), timezone.get_current_timezone_name())
    long = relative_age(instant, now=now) or words[2]
    if form == "compact":
        return format_html(COMPACT, *words, compact_age(instant, now=now), long)
    return format_html(LONG, *words, long)


@register.simple_tag
def age_script_words() -> str:
    """Return, as JSON, the words and the zone in which ages.js is to speak."""
    return _script_words(get_language(), timezone.get_current_timezone_name())


@lru_cache(maxsize=4096)
def _absolute_words(
    instant: datetime, _language: str | None, _zone_name: str
) -> tuple[str, str, str]:
    """Return the ISO form in UTC, date and time in words, and the date in words.

    They never change for one instant, language and zone, and formatting dates is slow.
    """
    iso = instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    local = timezone.localtime(instant)
    return iso, formats.date_format(local, "DATETIME_FORMAT"), long_date(instant)


@lru_cache(maxsize=16)
def _script_words(_language: str | None, zone_name: str) -> str:
    return json.dumps(age_words(zone_name=zone_name), ensure_ascii=False, separators=(",", ":"))
