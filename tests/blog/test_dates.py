"""Ages on both sides of every boundary, in time zones that change their clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation

from blog.dates import compact_age, long_age, short_date
from blog.templatetags.dates import age, for_machines, short

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KYIV = ZoneInfo("Europe/Kyiv")
NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("age_s", "text"),
    [
        (-3600, "now"),
        (0, "now"),
        (59.9, "now"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (86_399, "23h"),
        (86_400, "1d"),
        (7 * 86_400 - 1, "6d"),
        (7 * 86_400, "1w"),
        (30 * 86_400 - 1, "4w"),
        (30 * 86_400, "1mo"),
        (365 * 86_400 - 1, "12mo"),
        (365 * 86_400, "1y"),
        (3 * 365 * 86_400 - 1, "2y"),
    ],
)
def test_compact_age_rounds_down_at_every_boundary(age_s, text):
    assert compact_age(NOW - timedelta(seconds=age_s), now=NOW) == text


@pytest.mark.parametrize(
    ("age_s", "text"),
    [
        (-3600, "just now"),
        (59.9, "just now"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "1 hr ago"),
        (7200, "2 hrs ago"),
        (86_399, "23 hrs ago"),
        (86_400, "yesterday"),
        (36 * 3600, "yesterday"),
        (36 * 3600 + 1, "Nov. 21, 2026"),
    ],
)
def test_long_age_goes_from_minutes_to_the_date(age_s, text):
    assert long_age(NOW - timedelta(seconds=age_s), now=NOW) == text


@pytest.mark.parametrize(
    ("instant", "now", "text"),
    [
        # Half past midnight: 25 hours ago was the day before yesterday.
        ("2026-11-21T23:30", "2026-11-23T00:30", "Nov. 21, 2026"),
        ("2026-11-22T00:10", "2026-11-23T23:50", "yesterday"),
        # 25 October 2026 has 25 hours in Kyiv: all of them are today.
        ("2026-10-25T00:10", "2026-10-25T23:50", "24 hrs ago"),
        ("2026-10-24T23:50", "2026-10-25T23:50", "yesterday"),
        # 29 March 2026 has 23 hours: less than a day can reach over two midnights.
        ("2026-03-28T23:40", "2026-03-30T00:10", "23 hrs ago"),
        ("2026-03-28T22:40", "2026-03-30T00:10", "March 28, 2026"),
        ("2026-03-28T23:40", "2026-03-29T23:50", "23 hrs ago"),
        ("2026-03-29T00:10", "2026-03-30T00:20", "23 hrs ago"),
    ],
)
def test_yesterday_is_the_calendars_in_the_sites_zone(instant, now, text):
    instant, now = (datetime.fromisoformat(t).replace(tzinfo=KYIV) for t in (instant, now))
    utc = [moment.astimezone(UTC) for moment in (instant, now)]
    assert long_age(utc[0], now=utc[1], zone=KYIV) == text


def test_long_age_uses_the_current_zone_by_default():
    instant, now = NOW - timedelta(hours=37), NOW
    assert long_age(instant, now=now) == "Nov. 21, 2026"
    with timezone.override("Europe/Kyiv"):
        assert long_age(instant, now=now) == "yesterday"


UKRAINIAN = [
    (60, "1 хвилину тому", "1 хв"),
    (2 * 60, "2 хвилини тому", "2 хв"),
    (5 * 60, "5 хвилин тому", "5 хв"),
    (11 * 60, "11 хвилин тому", "11 хв"),
    (21 * 60, "21 хвилину тому", "21 хв"),
    (5 * 3600, "5 годин тому", "5 год"),
    (22 * 3600, "22 години тому", "22 год"),
    (26 * 3600, "учора", "1 дн"),
    (60 * 86_400, "24 вересня 2026 р.", "2 міс"),
    (400 * 86_400, "19 жовтня 2025 р.", "1 р."),
]
RUSSIAN = [
    (60, "1 минуту назад", "1 мин"),
    (2 * 60, "2 минуты назад", "2 мин"),
    (5 * 60, "5 минут назад", "5 мин"),
    (11 * 60, "11 минут назад", "11 мин"),
    (21 * 60, "21 минуту назад", "21 мин"),
    (5 * 3600, "5 часов назад", "5 ч"),
    (22 * 3600, "22 часа назад", "22 ч"),
    (26 * 3600, "вчера", "1 дн"),
    (60 * 86_400, "24 сентября 2026 г.", "2 мес"),
    (400 * 86_400, "19 октября 2025 г.", "1 г."),
    (2000 * 86_400, "2 июня 2021 г.", "5 л."),
]


@pytest.mark.parametrize(
    ("language", "age_s", "long", "compact"),
    [("uk", *row) for row in UKRAINIAN] + [("ru", *row) for row in RUSSIAN],
)
def test_ages_follow_the_plural_rules_of_a_translation(language, age_s, long, compact):
    instant = NOW - timedelta(seconds=age_s)
    with translation.override(language):
        assert long_age(instant, now=NOW) == long
        assert compact_age(instant, now=NOW) == compact.replace(" ", NO_BREAK)


@time_machine.travel(NOW, tick=False)
def test_age_tag_shows_the_absolute_date_in_the_sites_zone():
    with timezone.override("Europe/Kyiv"):
        assert age(NOW - timedelta(minutes=7)) == (
            '<time datetime="2026-11-23T11:53:00Z" title="Nov. 23, 2026, 1:53 p.m."'
            ' data-age="long" data-date="Nov. 23, 2026">7 min ago</time>'
        )


@time_machine.travel(NOW, tick=False)
def test_compact_age_tag_tells_screen_readers_the_long_form():
    assert age(NOW - timedelta(days=3), "compact") == (
        '<time datetime="2026-11-20T12:00:00Z" title="Nov. 20, 2026, noon"'
        ' data-age="compact" data-date="Nov. 20, 2026">'
        '<span aria-hidden="true">3d</span>'
        '<span class="visually-hidden">Nov. 20, 2026</span></time>'
    )


@time_machine.travel(NOW, tick=False)
def test_age_tag_keeps_languages_and_zones_apart():
    with translation.override("ru"), timezone.override("Asia/Tokyo"):
        in_tokyo = age(NOW - timedelta(days=40, hours=1))
    assert 'data-date="14 октября 2026 г."' in in_tokyo
    assert 'data-date="Oct. 14, 2026"' in age(NOW - timedelta(days=40, hours=1))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "23 Nov 2026, 14:00"),
        ("uk", "23 лис 2026, 14:00"),
        ("ru", "23 ноя 2026, 14:00"),
    ],
)
def test_short_date_writes_months_as_its_language_does(language, text):
    with translation.override(language), timezone.override(KYIV):
        assert short_date(NOW) == text
        assert short(NOW).startswith('<time datetime="2026-11-23T12:00:00Z" title="')
        assert short(NOW).endswith(f">{text}</time>")


def test_machines_get_utc_and_no_microseconds():
    in_kyiv = datetime(2026, 11, 23, 14, 0, 5, 478_228, tzinfo=KYIV)
    assert for_machines(in_kyiv) == "2026-11-23T12:00:05Z"
    assert for_machines(None) == ""
