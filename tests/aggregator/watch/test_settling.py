"""What editors decide about changed titles and dead links."""

from datetime import timedelta

import pytest

from aggregator.models import SourceWatch
from aggregator.watch import settling
from tests.aggregator.keeping import NOW
from tests.factories import make_headline, make_pick
from tests.plans import plan_of

pytestmark = pytest.mark.django_db


def asking(*, own_title="", **fields):
    """A picked article that asks about a new title, or about what ``fields`` say."""
    fields = fields or {"title": "Former", "retitled_at": NOW}
    headline = make_headline(title="New")
    make_pick(headline=headline, title=own_title)
    return SourceWatch.objects.create(
        headline=headline, next_at=NOW, asks_at=NOW, **{"title": headline.title} | fields
    )


def dead():
    return asking(state="dead", status=404, error="Nothing there")


def names(watch):
    return [choice.name for choice in settling.choices_for(watch, list(settling.standing(watch)))]


def settle(watch, name, seen_title="New"):
    watch = settling.settle(watch, settling.CHOICES[name], now=NOW, seen_title=seen_title)
    watch.refresh_from_db()
    return watch, settling.Pick.objects.get(headline=watch.headline)


def tasks():
    return list(settling.tasks(now=NOW))


def test_offered_is_what_makes_sense():
    assert names(asking()) == ["seen", "tell", "keep"]
    assert names(asking(own_title="Ours")) == ["seen", "take"]
    assert names(dead()) == ["archive", "withdraw", "leave"]
    assert names(asking(title="Former", retitled_at=NOW, state="dead")) == [
        *("seen", "tell", "keep", "archive", "withdraw", "leave"),
    ]


def test_seen_leaves_what_readers_see():
    watch, pick = settle(asking(), "seen")
    assert (watch.title, watch.retitled_at, watch.asks_at) == ("New", None, None)
    assert (pick.shown_title, pick.shown_former_title) == ("New", "")
    assert tasks() == []


def test_the_former_title_becomes_the_editors_own():
    _, pick = settle(asking(), "keep")
    assert (pick.title, pick.shown_title) == ("Former", "Former")


def test_the_new_title_takes_the_place_of_ours():
    _, pick = settle(asking(own_title="Ours"), "take")
    assert (pick.title, pick.shown_title) == ("", "New")


def test_readers_can_be_told():
    watch, pick = settle(asking(), "tell")
    assert (pick.shown_title, pick.shown_former_title) == ("New", "Former")
    watch.headline.title = "Former"
    watch.headline.save()
    pick.refresh_from_db()
    assert pick.shown_former_title == ""


def test_a_title_that_changed_again_is_not_settled_by_who_has_not_seen_it():
    watch = asking()
    with pytest.raises(settling.ChangedAgainError):
        settle(watch, "take", seen_title="The one before")
    assert tasks() == [watch]


def test_a_dead_link_leads_to_the_archive():
    watch = dead()
    url = watch.headline.url
    watch, pick = settle(watch, "archive")
    assert pick.link == f"https://web.archive.org/web/20260101120000/{url}"
    assert (pick.headline.url, watch.settled_state, watch.asks_at) == (url, "dead", None)


def test_a_dead_link_can_be_withdrawn_or_left():
    _, pick = settle(dead(), "withdraw")
    assert pick.withdrawn_at == NOW
    watch, pick = settle(dead(), "leave")
    assert (watch.settled_state, watch.asks_at, pick.withdrawn_at) == ("dead", None, None)
    assert names(watch) == []


def test_one_answer_leaves_the_other_question():
    watch = asking(title="Former", retitled_at=NOW, state="dead")
    watch, _ = settle(watch, "seen")
    assert (watch.asks_at, names(watch)) == (NOW, ["archive", "withdraw", "leave"])
    watch, _ = settle(watch, "leave")
    assert watch.asks_at is None


def test_withdrawn_picks_are_no_work():
    watch = dead()
    settling.standing(watch).update(withdrawn_at=NOW)
    assert tasks() == []


@pytest.mark.parametrize("count", [1, 30])
def test_the_tasks_are_one_query_by_an_index(django_assert_num_queries, count):
    for _ in range(count):
        dead()
        SourceWatch.objects.create(headline=make_headline(), title="-", next_at=NOW)
    with django_assert_num_queries(1) as captured:
        assert len(list(settling.tasks(now=NOW)[:50])) == count
    assert "watch_asking" in plan_of(captured.captured_queries[0])


def test_progress_tells_how_far_the_looks_are():
    looked = {"looked_at": NOW - timedelta(days=1)}
    asking(**looked, failures=2)
    asking(**looked)
    asking(looked_at=NOW - timedelta(days=9))
    SourceWatch.objects.filter(looked_at__lt=NOW - timedelta(days=8)).update(
        next_at=NOW - timedelta(days=1)
    )
    assert settling.progress(now=NOW) == settling.Progress(
        watched=3, looked_at=2, unsure=1, overdue=1
    )
