"""Ages on an open page, and the script that keeps them right."""

import json
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from blog.dates import DAY, HOUR, MINUTE, MONTH, WEEK, YEAR, age_words, compact_age, long_age

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IN_THE_BROWSER = """async ([words, pairs]) => {
  const { speaker } = await import("/static/js/ages.js");
  const say = speaker(words);
  return pairs.map(([instant, now]) => [say.compact(instant, now), say.long(instant, now, "DATE")]);
}"""


def test_ages_move_on_an_open_page(open_page, review):
    page = open_page(review.home, clock=timezone.now())
    post = page.locator("main time").first
    headline = page.locator(".headlines time").first
    seen, unseen = headline.locator("span").first, headline.locator("span").last
    assert [post.inner_text(), seen.inner_text()] == ["7 min ago", "5m"]
    assert unseen.text_content() == "5 min ago"
    page.clock.fast_forward("01:00:00")
    assert [post.inner_text(), seen.inner_text()] == ["1 hr ago", "1h"]
    assert unseen.text_content() == "1 hr ago"
    page.clock.fast_forward(72 * HOUR * 1000)
    assert seen.inner_text() == "3d"
    assert post.inner_text() == post.get_attribute("data-date")
    assert page.complaints == []


def test_ages_are_right_as_soon_as_a_stale_page_is_shown(open_page, review):
    page = open_page(review.home, clock=timezone.now() + timedelta(hours=3))
    assert page.locator("main time").first.inner_text() == "3 hrs ago"


@pytest.mark.parametrize("zone_name", ["UTC", "Europe/Kyiv", "America/New_York", "Asia/Kathmandu"])
@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_script_and_server_say_the_same(open_page, zone_name, language):
    zone = ZoneInfo(zone_name)
    pairs = list(instants(zone))
    with translation.override(language):
        words = age_words(zone_name=zone_name)
        expected = [
            [compact_age(instant, now=now), or_date(instant, now=now, zone=zone)]
            for instant, now in pairs
        ]
    page = open_page("/healthz")
    in_ms = [[int(moment.timestamp() * 1000) for moment in pair] for pair in pairs]
    said = page.evaluate(IN_THE_BROWSER, [json.loads(json.dumps(words)), in_ms])
    assert said == expected
    assert len({long for _compact, long in expected}) > 50


def or_date(instant, *, now, zone):
    text = long_age(instant, now=now, zone=zone)
    return "DATE" if str(instant.astimezone(zone).year) in text else text


def instants(zone):
    """Pairs of instant and now: every boundary, every count, and chance around clock changes."""
    changes = [
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
        datetime(2026, 11, 1, 6, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
    ]
    dice = random.Random(4)  # noqa: S311  the same chance in every run
    boundaries = [unit * count for unit in (MINUTE, HOUR, DAY) for count in range(1, 61)]
    boundaries += [
        WEEK,
        4 * WEEK,
        MONTH,
        12 * MONTH,
        YEAR,
        2 * YEAR,
        5 * YEAR,
        21 * YEAR,
        0,
        -1,
        -HOUR,
    ]
    for now in changes:
        for boundary in boundaries:
            for off_s in (-1, 0, 1):
                yield now - timedelta(seconds=boundary + off_s), now
    for _ in range(2000):
        now = dice.choice(changes) + timedelta(seconds=dice.randint(-2 * DAY, 2 * DAY))
        yield now - timedelta(seconds=dice.randint(0, 3 * DAY)), now
