"""The front page of the newsroom."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django_tasks_db.models import DBTaskResult, get_date_max

from aggregator.models import Feed
from blog.models import Post, SiteSettings
from newsandtimes.alarms import alarms
from newsandtimes.tasks import tick
from newsletter.models import Edition
from tests.factories import (
    make_category,
    make_edition,
    make_editor,
    make_feed,
    make_member,
    make_post,
    make_subscriber,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
INDEX = reverse("admin:index")
QUEUED = {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "clock"]}


@pytest.fixture
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return NOW


@pytest.fixture
def editor(client, now):
    user = make_editor()
    client.force_login(user)
    return user


def shown(response, name):
    """The rows of a block; None where the block is not shown."""
    for block in response.context["blocks"]:
        if block.name == name:
            return [str(getattr(row, "feed", row)) for row in block.rows]
    return None


def make_draft(title, **fields):
    return make_post(title=title, status=Post.Status.DRAFT, published_at=None, **fields)


def fill(rows, *, user):
    category = make_category()
    for number in range(rows):
        make_draft(f"Own draft {number}", created_by=user, category=category)
        make_draft(f"Draft {number}", category=category)
        make_post(status=Post.Status.REVIEW, published_at=None, category=category)
        make_post(published_at=NOW + timedelta(days=1 + number), category=category)
        make_post(published_at=NOW - timedelta(days=1 + number), category=category)
        make_feed(health=Feed.Health.FAILING)
        make_subscriber(confirmed_at=NOW - timedelta(days=number % 40))
        make_edition(due_at=NOW, frozen_at=NOW, state=Edition.State.SENT)
        make_edition(due_at=NOW + timedelta(days=1), frozen_at=None, state=Edition.State.OPEN)


def test_own_drafts_come_first_then_those_of_others_the_last_touched_first(client, editor):
    for title, user in [("Own old", editor), ("Theirs", None), ("Own new", editor)]:
        make_draft(title, created_by=user)
    for minutes, title in enumerate(["Own new", "Theirs", "Own old"]):
        at = NOW - timedelta(minutes=minutes)
        Post.objects.filter(title=title).update(updated_at=at)
    assert shown(client.get(INDEX), "drafts") == ["Own new", "Own old", "Theirs"]


def test_each_state_has_its_block(client, editor):
    make_post(title="Waits", status=Post.Status.REVIEW, published_at=None, review_note="Check 7%")
    make_post(title="Later", published_at=NOW + timedelta(days=9))
    make_post(title="Next", published_at=NOW + timedelta(hours=1))
    make_post(title="Out", published_at=NOW - timedelta(minutes=7))
    make_post(title="Gone", status=Post.Status.WITHDRAWN)
    make_feed(title="Ill", health=Feed.Health.FAILING)
    make_feed(title="Very ill", health=Feed.Health.GONE, is_active=False)
    make_feed(title="Switched off", health=Feed.Health.FAILING, is_active=False)
    make_feed(title="Well", health=Feed.Health.OK)
    SiteSettings(time_zone="Europe/Kyiv").save()
    response = client.get(INDEX)
    assert shown(response, "review") == ["Waits"]
    assert shown(response, "scheduled") == ["Next", "Later"]
    assert shown(response, "published") == ["Out"]
    assert shown(response, "feeds") == ["Very ill", "Ill"]
    text = response.content.decode()
    assert "Check 7%" in text
    assert "Tue 24 Nov 2026, 15:00" in text  # 13:00 UTC, where the site is
    assert "7 min ago" in text


def test_empty_blocks_say_so(client, editor):
    text = client.get(INDEX).content.decode()
    for words in [
        "No drafts.",
        "Nothing waits for a review.",
        "Nothing is scheduled.",
        "Nothing is published yet.",
        "All feeds are well.",
    ]:
        assert words in text


def test_links_lead_to_lists_that_show_the_same(client, editor):
    fill(2, user=editor)
    for block in client.get(INDEX).context["blocks"]:
        if block.name == "watch":  # a page of its own; see tests/aggregator/watch
            continue
        response = client.get(block.link)
        listed = {str(row) for row in response.context["cl"].result_list}
        assert {str(getattr(row, "feed", row)) for row in block.rows} <= listed
        if block.name not in {"feeds", "editions"}:  # their lists hold those of other days too
            assert len(listed) == len(block.rows)


def test_subscribers_gained_and_lost_are_counted_by_days(client, editor):
    day = timedelta(days=1)
    make_subscriber(confirmed_at=NOW - 2 * day)
    make_subscriber(confirmed_at=NOW - 20 * day)
    make_subscriber(confirmed_at=NOW - 40 * day)
    make_subscriber(confirmed_at=NOW - 90 * day, unsubscribed_at=NOW - 3 * day)
    make_subscriber(confirmed_at=NOW - 90 * day, unsubscribed_at=NOW - 29 * day)
    make_subscriber(confirmed_at=None, unsubscribed_at=NOW - day)  # was never one
    counts, link = client.get(INDEX).context["movements"]
    assert [(one.days, one.gained, one.lost) for one in counts] == [(7, 1, 1), (30, 2, 2)]
    assert link == reverse("admin:newsletter_subscriber_changelist")


def test_contributor_sees_own_posts_and_nothing_of_feeds_and_subscribers(client, now):
    fill(2, user=None)
    contributor = make_member("contributor")
    make_draft("Mine", created_by=contributor)
    client.force_login(contributor)
    response = client.get(INDEX)
    assert [block.name for block in response.context["blocks"]] == [
        *("drafts", "review", "scheduled", "published")
    ]
    assert shown(response, "drafts") == ["Mine"]
    assert shown(response, "published") == []
    assert response.context["movements"] is None


def test_editor_sees_the_numbers_of_subscribers_and_no_list_of_them(client, now):
    make_subscriber(confirmed_at=NOW - timedelta(days=1))
    client.force_login(make_member("editor"))
    counts, link = client.get(INDEX).context["movements"]
    assert (counts[0].gained, link) == (1, "")


def test_editions_that_ask_come_first_then_what_goes_out_the_last_and_the_next(client, editor):
    state = Edition.State
    for days, subject, which in [
        (2, "Next", state.OPEN),
        (1, "Going", state.SENDING),
        (0, "Late", state.LATE),
        (-1, "Last", state.SENT),
        (-2, "Before", state.SENT),
        (-3, "Too thin", state.SKIPPED),
    ]:
        at = NOW + timedelta(days=days)
        make_edition(subject=subject, state=which, due_at=at, frozen_at=at)
    response = client.get(INDEX)
    (block,) = [block for block in response.context["blocks"] if block.name == "editions"]
    assert [row.subject for row in block.rows] == ["Late", "Going", "Last", "Next"]
    assert "late: asks whether to go" in response.content.decode()


def test_staff_without_a_role_sees_no_block(client, now):
    fill(1, user=None)
    client.force_login(make_user(is_staff=True))
    response = client.get(INDEX)
    assert (response.context["blocks"], response.context["movements"]) == ([], None)


@pytest.mark.parametrize("rows", [1, 30])
def test_front_page_costs_the_same_for_any_number(client, editor, rows, django_assert_num_queries):
    fill(rows, user=editor)
    with django_assert_num_queries(19):
        response = client.get(INDEX)
    assert len(shown(response, "published")) == min(rows, 6)


@pytest.fixture
def queue(settings, now):
    settings.TASKS = {"default": QUEUED}
    tick.enqueue()


def late_task(*, waited, run_after=None):
    task = DBTaskResult.objects.create(
        task_path="newsandtimes.tasks.sweep",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        run_after=run_after or get_date_max(),
    )
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=NOW - waited)


def names():
    return [alarm.name for alarm in alarms(now=NOW)]


def test_nothing_is_told_while_all_goes_well(queue):
    make_feed(next_poll_at=NOW - timedelta(minutes=10))
    late_task(waited=timedelta(minutes=4))
    late_task(waited=timedelta(hours=2), run_after=NOW + timedelta(hours=1))
    assert names() == []


def test_late_worker_is_told(client, editor, queue):
    late_task(waited=timedelta(minutes=6))
    assert names() == ["The worker is late."]
    text = client.get(INDEX).content.decode()
    assert "The worker is late." in text
    assert "manage.py db_worker" in text


def test_work_that_was_put_off_is_late_from_its_hour_on(queue):
    late_task(waited=timedelta(hours=2), run_after=NOW - timedelta(minutes=6))
    assert names() == ["The worker is late."]


def test_clock_that_stopped_or_never_went_is_told(queue):
    DBTaskResult.objects.update(enqueued_at=NOW - timedelta(minutes=26))
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert names() == ["The clock does not go."]
    DBTaskResult.objects.all().delete()
    applied = MigrationRecorder.Migration.objects.all()
    applied.update(applied=NOW - timedelta(minutes=24))  # a new site
    assert names() == []
    applied.update(applied=NOW - timedelta(minutes=26))
    assert names() == ["The clock does not go."]


def test_poller_that_asks_nobody_is_told_and_one_with_much_to_do_is_not(queue):
    make_feed(next_poll_at=NOW - timedelta(minutes=16))
    assert names() == ["The poller is late."]
    make_feed(last_polled_at=NOW - timedelta(minutes=1), next_poll_at=NOW + timedelta(hours=1))
    assert names() == []


def test_nothing_is_told_of_a_queue_that_is_elsewhere(settings, now):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    assert names() == []
