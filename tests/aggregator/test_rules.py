"""What rules say of a headline."""

import time
from types import SimpleNamespace

import pytest

from aggregator.rules import BadPatternError, CompiledRule, Rulebook, compile_pattern


def headline(title="Markers before winter", summary="", language="en", outlet="news.outlet.org"):
    return SimpleNamespace(title=title, summary=summary, language=language, outlet=outlet)


def rule(action="drop", pk=1, **conditions):
    return CompiledRule(pk=pk, action=action, **conditions)


def is_dropped(one, feed_id=7, **conditions):
    return Rulebook((rule(**conditions),)).decide(one, feed_id=feed_id).dropped_by == 1


@pytest.mark.parametrize(
    ("words", "title", "expected"),
    [
        ("winter markers", "Markers before winter", True),
        ("WINTER", "markers before winter", True),
        ("wint", "Markers before winter", False),
        ("winter snow", "Markers before winter", False),
        ("київ", "У КИЄВІ Київ прокинувся", True),
        ("комп'ютер", "Новий комп’ютер", True),
        ("п’ять", "П'ять хвилин", True),
        ("ять", "П'ять хвилин", False),
        ("straße", "Die STRASSE", True),
        ("й", "и\u0306", True),
        ("winter", "Markers\nbefore—winter!", True),
    ],
)
def test_words_are_found_whole_in_any_order(words, title, expected):
    assert is_dropped(headline(title), words=words) is expected


@pytest.mark.parametrize(
    ("phrase", "title", "expected"),
    [
        ("before winter", "Markers  before\n winter", True),
        ("winter before", "Markers before winter", False),
        ("ДО ЗИМИ", "Знаки до зими", True),
    ],
)
def test_a_phrase_is_found_in_its_order(phrase, title, expected):
    assert is_dropped(headline(title), phrase=phrase) is expected


def test_the_summary_counts_too():
    assert is_dropped(headline("A", summary="about snow"), words="snow")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [(r"mark\w+ before", True), (r"^before", False), (r"WINTER$", True), (r"\d", False)],
)
def test_a_pattern_is_found_anywhere(pattern, expected):
    one = headline("Markers before winter")
    one.title, one.summary = "x", "Markers before winter"
    assert is_dropped(one, pattern=pattern) is expected


@pytest.mark.parametrize(
    ("language", "wanted", "expected"),
    [("en-GB", "en", True), ("en", "EN", True), ("eng", "en", False), ("", "en", False)],
)
def test_a_language_includes_its_regions(language, wanted, expected):
    assert is_dropped(headline(language=language), language=wanted) is expected


@pytest.mark.parametrize(
    ("outlet", "wanted", "expected"),
    [
        ("news.outlet.org", "outlet.org", True),
        ("outlet.org", "www.outlet.org", True),
        ("notoutlet.org", "outlet.org", False),
    ],
)
def test_an_outlet_includes_its_subdomains(outlet, wanted, expected):
    assert is_dropped(headline(outlet=outlet), outlet=wanted) is expected


def test_all_conditions_must_hold_and_none_matches_everything():
    assert is_dropped(headline())
    assert not is_dropped(headline(), words="markers", language="uk")
    assert is_dropped(headline(), feeds={7})
    assert not is_dropped(headline(), feeds={8})


def test_the_first_that_keeps_or_drops_decides():
    keep, drop = rule("keep", 1, words="markers"), rule("drop", 2)
    assert Rulebook((keep, drop)).decide(headline(), feed_id=1).dropped_by is None
    assert Rulebook((keep, drop)).decide(headline("Other"), feed_id=1).dropped_by == 2
    assert Rulebook((drop, keep)).decide(headline(), feed_id=1).dropped_by == 2


def test_tags_and_picks_add_up_unless_the_headline_is_dropped():
    tag, again = rule("tag", 1, tag="Borders"), rule("tag", 2, tag="Borders")
    pick, drop = rule("pick", 3, collection_id=9), rule("drop", 4, words="markers")
    verdict = Rulebook((tag, again, pick)).decide(headline(), feed_id=1)
    assert (verdict.tags, verdict.collections) == (["Borders"], [9])
    dropped = Rulebook((tag, pick, drop)).decide(headline(), feed_id=1)
    assert (dropped.dropped_by, dropped.tags, dropped.collections) == (4, [], [])


def test_a_runaway_pattern_is_stopped_and_counts_as_no_match():
    runaway = rule("drop", 5, pattern=r"(a|aa)+$")
    started = time.monotonic()
    verdict = Rulebook((runaway, rule("tag", 6, tag="T"))).decide(
        headline("a" * 60 + "!"), feed_id=1
    )
    assert time.monotonic() - started < 2
    assert (verdict.dropped_by, verdict.runaways, verdict.tags) == (None, [5], ["T"])


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "a{99999999999999}", "(?P<n>"])
def test_a_broken_pattern_says_where(pattern):
    with pytest.raises(BadPatternError) as error:
        compile_pattern(pattern)
    assert str(error.value)
