"""Why two headlines belong together, or do not."""

from datetime import timedelta

import pytest

from aggregator.stories.likeness import Item, Kind, agreement, weights
from aggregator.stories.words import marks_of
from tests.aggregator.stories.telling import MARKET, NOW, OTHER


def item(title, *, hours=0, outlet="", language="", **fields):
    marks = marks_of(title, outlet=outlet, language=language)
    at = NOW + timedelta(hours=hours)
    return Item(pk=1, marks=marks, at=at, outlet=outlet, title=title, **fields)


def kind(one, other):
    agreed = agreement(one, other)
    return agreed.kind if agreed else None


def test_the_same_article_is_the_first_reason():
    one, other = item(MARKET[0], article_key="a"), item(OTHER, article_key="a")
    assert kind(one, other) is Kind.LINK
    assert kind(item(MARKET[0]), item(OTHER)) is None  # no address is no reason


def test_the_same_title_is_the_second():
    assert kind(item(OTHER), item(f"{OTHER} - Reuters")) is Kind.TITLE


def test_the_same_title_of_the_same_outlet_later_is_a_series():
    title = "Ukraine this morning: what you need to know"
    one = item(title, outlet="a.example")
    assert kind(one, item(title, outlet="a.example", hours=13)) is None
    assert kind(one, item(title, outlet="a.example", hours=1)) is Kind.TITLE
    assert kind(one, item(title, outlet="b.example", hours=13)) is Kind.TITLE


@pytest.mark.parametrize("other", MARKET[1:])
def test_the_same_words_are_the_third_in_one_language_or_between_two(other):
    agreed = agreement(item(MARKET[0]), item(other))
    assert agreed.kind is Kind.WORDS
    assert {"=KHARKIV", "=missile"} <= agreed.words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (MARKET[0], OTHER),
        (MARKET[0], "Russian missile strike on Odesa port kills 5, injures 18"),
        (
            "У Києві ввели екстрені відключення світла",
            "У Києві скасували екстрені відключення світла",
        ),
        ("Magnitude 6.1 quake hits Turkey", "Magnitude 6.1 quake hits Japan"),
        ("Ukraine war live: Kharkiv market hit", "Missile hits Kharkiv market in Ukraine war"),
        # Without a name or a number, nothing agrees between two languages.
        ("Hackers steal bank data in cyberattack", "Хакери викрали дані банку під час кібератаки"),
        ("", ""),
        ("…", "…"),
    ],
)
def test_what_tells_of_other_events_is_apart(one, other):
    assert kind(item(one), item(other)) is None


def test_nothing_agrees_over_more_than_72_hours():
    one = item(MARKET[0], article_key="a")
    assert kind(one, item(MARKET[0], article_key="a", hours=72)) is Kind.LINK
    assert kind(one, item(MARKET[0], article_key="a", hours=73)) is None


def test_an_outlet_with_two_articles_needs_more_to_agree():
    one, other = MARKET[0], "Kharkiv market vendors describe missile strike"
    assert kind(item(one, outlet="a.example"), item(other, outlet="b.example")) is Kind.WORDS
    assert kind(item(one, outlet="a.example"), item(other, outlet="a.example")) is None


def test_rare_words_count_more():
    counted = weights({"everywhere": 60_000, "often": 2_000, "seldom": 3, "new": 0}, total=60_000)
    assert counted["everywhere"] == 0
    assert counted["everywhere"] < counted["often"] < counted["seldom"] < counted["new"] == 1
