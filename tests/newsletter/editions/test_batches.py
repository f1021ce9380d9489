"""The ledger is written in batches: each goes on where the last one ended."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.editions.clock import prepare_all
from newsletter.editions.freezing import settle
from newsletter.editions.preparing import Preparation
from newsletter.models import Digest, Edition, EditionItem, Subscriber
from tests.factories import make_category, make_digest, make_edition
from tests.newsletter.editions.test_collecting import DUE, make_open, new_post
from tests.newsletter.editions.test_preparing import (
    got,
    make_daily,
    make_many,
    prepared,
    readers,
    titles,
)

pytestmark = pytest.mark.django_db

State = Edition.State


@pytest.fixture(autouse=True)
def _no_other_digests():
    Digest.objects.all().delete()


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_batches_of_any_size_leave_nobody_out(size):
    make_many(7)
    edition = make_open(make_daily())
    new_post()
    settle(edition.pk, now=DUE)
    edition.refresh_from_db()
    assert Preparation(edition).run(now=DUE, size=size)
    assert edition.deliveries.count() == 7
    edition.refresh_from_db()
    assert (edition.prepared_at, edition.prepared_to) == (
        DUE,
        Subscriber.objects.order_by("pk").last().pk,
    )


def test_work_goes_on_where_it_was_left():
    make_many(5)
    edition = make_open(make_daily())
    new_post()
    settle(edition.pk, now=DUE)
    edition.refresh_from_db()
    assert not Preparation(edition).run(now=DUE, budget_s=0, size=2)
    assert edition.deliveries.count() == 2
    first = list(edition.deliveries.values_list("pk", "message_id"))
    assert Preparation(edition).run(now=DUE, size=2)
    assert edition.deliveries.count() == 5
    assert set(first) <= set(edition.deliveries.values_list("pk", "message_id"))


@pytest.mark.parametrize("state", [State.PAUSED, State.CANCELLED, State.SENT])
def test_nothing_is_written_for_one_that_is_not_going_out(state):
    make_many(3)
    edition = make_open(make_daily())
    new_post()
    settle(edition.pk, now=DUE)
    Edition.objects.filter(pk=edition.pk).update(state=state)
    edition.refresh_from_db()
    Preparation(edition).run(now=DUE)
    assert edition.deliveries.count() == 0


def test_breaking_news_in_the_middle_of_a_digest_is_not_mailed_twice():
    make_many(6)
    edition = make_open(make_daily())
    post = new_post("Breaking")
    new_post("Other")
    settle(edition.pk, now=DUE)
    edition.refresh_from_db()
    digest = Preparation(edition)
    digest.step(now=DUE, size=3)
    breaking = make_edition(
        kind="breaking", post=post, state=State.OPEN, due_at=DUE, frozen_at=None
    )
    settle(breaking.pk, now=DUE)
    breaking.refresh_from_db()
    Preparation(breaking).run(now=DUE)
    digest.run(now=DUE, size=3)
    first, last = readers(edition)[:3], readers(edition)[3:]
    assert (len(first), len(last)) == (3, 3)
    assert readers(breaking) == last
    for subscriber in Subscriber.objects.order_by("-pk")[:3]:
        assert titles(edition, subscriber) == ["Other"]


def test_one_edition_that_fails_stops_none_of_the_others():
    make_many(2)
    broken = make_edition(digest=make_daily(), due_at=DUE, alive_at=DUE)
    EditionItem.objects.create(
        edition=broken, kind="post", key="post:1", title="x", url="/", at=DUE, category_ids=7
    )
    whole = make_edition(digest=make_digest(), due_at=DUE, alive_at=DUE)
    for subscriber in Subscriber.objects.all():
        subscriber.digests.add(whole.digest)
        subscriber.categories.add(make_category())
    EditionItem.objects.create(
        edition=whole, kind="pick", key="article:1", title="x", url="/", at=DUE
    )
    with pytest.raises(ExceptionGroup):
        prepare_all(now=DUE, budget_s=60)
    assert (broken.deliveries.count(), whole.deliveries.count()) == (0, 2)


def test_written_ledger_is_not_written_again():
    make_many(2)
    edition = make_open(make_daily())
    new_post()
    prepared(edition)
    make_many(1)
    edition.refresh_from_db()
    Preparation(edition).run(now=DUE)
    assert edition.deliveries.count() == 2


def test_batch_of_1000_takes_as_many_queries_as_one_of_10(is_postgres):
    digest = make_daily()
    edition = make_open(digest)
    post = new_post()
    other = make_category()
    new_post(category=other)
    counts = []
    for number in (10, 1000):
        Subscriber.objects.all().delete()
        make_many(number, hour=9, time_zone="Europe/Kyiv")
        everybody = Subscriber.objects.all()
        got(everybody.first(), [f"post:{post.pk}"])
        everybody.last().categories.add(other)
        Edition.objects.filter(pk=edition.pk).update(
            state=State.OPEN, prepared_to=0, prepared_at=None
        )
        settle(edition.pk, now=DUE)
        edition.refresh_from_db()
        preparation = Preparation(edition)
        preparation.step(now=DUE)
        edition.deliveries.all().delete()
        Edition.objects.filter(pk=edition.pk).update(prepared_to=0, prepared_at=None)
        with CaptureQueriesContext(connection) as queries:
            preparation.step(now=DUE)
        counts.append(len(queries))
        assert edition.deliveries.count() == number
    assert counts == [11, 11] if is_postgres else [10, 10]
