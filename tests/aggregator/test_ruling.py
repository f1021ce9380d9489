"""Rules at work on headlines that come in."""

from datetime import timedelta

import pytest

from aggregator import ruling, store
from aggregator.models import Headline, Pick, Rule
from aggregator.parse import parse
from aggregator.rules import BadPatternError, Rulebook
from blog.models import Tag
from tests.aggregator.keeping import LATER, NOW, claim_one, fetched, visit
from tests.aggregator.serving import Answer, feed_at, rss
from tests.factories import make_collection, make_feed, make_headline

pytestmark = pytest.mark.django_db


def make_rule(action="drop", feeds=(), **fields):
    rule = Rule.objects.create(**{"name": "R", "action": action} | fields)
    rule.feeds.set(feeds)
    return rule


def keep(feed, *titles, now=NOW):
    claim = claim_one(feed, now)
    return store.keep_items(
        claim,
        visit(claim, now),
        fetched(),
        parse(rss(*titles)),
        body_hash="h",
        rulebook=ruling.load(),
    )


def test_a_dropped_headline_is_stored_hidden_and_stands_nowhere():
    rule = make_rule(words="spam")
    feed = make_feed(collection=make_collection())
    keep(feed, "Spam for you", "News")
    assert set(Headline.objects.values_list("title", "is_hidden", "hidden_by")) == {
        ("Spam for you", True, rule.pk),
        ("News", False, None),
    }
    assert [pick.shown_title for pick in Pick.objects.all()] == ["News"]
    assert keep(feed, "Spam for you", "News", now=LATER).new == 0


def test_a_dropped_headline_stays_hidden_when_its_rule_is_deleted():
    rule = make_rule()
    keep(make_feed(), "A")
    rule.delete()
    assert Headline.objects.get().is_hidden is True


def test_tags_and_picks_are_given():
    collection, known = make_collection(), Tag.objects.create(name="borders")
    make_rule("tag", words="border", tag="Borders")
    make_rule("tag", words="border", tag="New")
    make_rule("pick", words="border", collection=collection)
    keep(make_feed(), "Border talks", "Weather")
    headline = Headline.objects.get(title="Border talks")
    assert {tag.name for tag in headline.tags.all()} == {"borders", "New"}
    assert known in headline.tags.all()
    assert [pick.headline for pick in collection.picks.all()] == [headline]


def test_a_rule_for_one_feed_leaves_others_alone():
    one, other = make_feed(), make_feed()
    make_rule(feeds=[one])
    keep(one, "A")
    keep(other, "B")
    assert list(Headline.objects.public().values_list("title", flat=True)) == ["B"]


def test_a_runaway_rule_is_switched_off_and_says_why():
    rule = make_rule(pattern=r"(a|aa)+$")
    keep(make_feed(), "a" * 60 + "!")
    rule.refresh_from_db()
    assert (rule.is_active, rule.trouble) == (
        False,
        f"The pattern took too long on “{'a' * 60}!”.",
    )
    assert Headline.objects.get().is_hidden is False


def test_a_pattern_that_is_broken_in_the_database_is_switched_off():
    rule = make_rule(pattern="(")
    assert ruling.load().rules == ()
    rule.refresh_from_db()
    assert (rule.is_active, rule.trouble[:22]) == (False, "The pattern is broken:")


@pytest.mark.parametrize("headlines", [1, 30])
def test_rules_cost_the_same_queries_at_any_number_of_headlines(
    headlines, django_assert_num_queries
):
    make_rule("tag", tag="T")
    make_rule("pick", collection=make_collection())
    Tag.objects.create(name="T")
    fresh = [make_headline() for _ in range(headlines)]
    book = ruling.load()
    with django_assert_num_queries(0):
        verdicts = ruling.before_storing(fresh, book, feed_id=1)
    # Tags, tagged headlines, picks.
    with django_assert_num_queries(4):
        ruling.after_storing(fresh, verdicts)


def test_the_rulebook_is_read_again_only_when_a_rule_has_changed(django_assert_num_queries):
    rule = make_rule()
    book = ruling.refreshed(Rulebook())
    with django_assert_num_queries(1):
        assert ruling.refreshed(book) is book
    rule.words = "x"
    rule.save()
    changed = ruling.refreshed(book)
    assert changed.rules[0].words == "x"
    rule.delete()
    assert ruling.refreshed(changed).rules == ()


def test_the_poller_applies_what_an_editor_has_just_saved(server, poll):
    feed_at(server)
    make_rule(words="spam")
    server.answers["/feed"] = Answer(rss("Spam", "News"))
    poll()
    assert list(Headline.objects.public().values_list("title", flat=True)) == ["News"]


def test_trying_a_rule_shows_what_it_would_match_in_the_last_week_and_changes_nothing():
    feed = make_feed()
    recent = [
        make_headline(feed=feed, title=f"Spam {n}", first_seen_at=NOW - timedelta(days=n))
        for n in range(3)
    ]
    make_headline(title="Spam long ago", first_seen_at=NOW - timedelta(days=8))
    make_headline(title="News", first_seen_at=NOW)
    trial = ruling.try_on_recent(Rule(words="spam"), feeds=[], now=NOW)
    assert (trial.looked_at, trial.matched, trial.runaways) == (4, 3, 0)
    assert trial.shown == recent
    assert ruling.try_on_recent(Rule(), feeds=[feed.pk], now=NOW).matched == 3
    assert Headline.objects.filter(is_hidden=True).count() == 0


def test_trying_a_broken_pattern_says_so():
    with pytest.raises(BadPatternError):
        ruling.try_on_recent(Rule(pattern="("), feeds=[], now=NOW)


def test_trying_a_runaway_pattern_ends_soon():
    for _ in range(50):
        make_headline(title="a" * 60 + "!", first_seen_at=NOW)
    trial = ruling.try_on_recent(Rule(pattern=r"(a|aa)+$"), feeds=[], now=NOW)
    assert (trial.matched, trial.runaways) == (0, 3)
