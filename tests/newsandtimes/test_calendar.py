"""The newsroom's calendar, and moving posts in it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from blog import versions
from blog.models import AuditEntry, Post, SiteSettings
from blog.planning import CannotMoveError, moment_of
from newsandtimes.days import NoSuchSpanError, day_named, month_of, week_of
from tests.factories import make_author, make_category, make_editor, make_member, make_post

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
CALENDAR = reverse("admin:calendar")
MOVE = reverse("admin:calendar_move")
KYIV = ZoneInfo("Europe/Kyiv")  # 25 October 2026, 04:00 → 03:00; 28 March 2027, 03:00 → 04:00


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)
    SiteSettings(time_zone="Europe/Kyiv").save()


@pytest.fixture
def editor(client):
    user = make_editor()
    client.force_login(user)
    return user


@pytest.fixture
def post():
    """Scheduled for 24 October at 9:30 in Kyiv."""
    post = make_post(title="Later", published_at=datetime(2026, 10, 24, 6, 30, tzinfo=UTC))
    versions.keep(post, by=None, now=NOW)
    return post


def move(client, post, day, wall_time="", **fields):
    form = {"post": post.pk, "version": post.version, "day": day, "time": wall_time} | fields
    response = client.post(MOVE, form, follow=True)
    post.refresh_from_db()
    return [str(message) for message in response.context["messages"]]


def squares(response):
    """Titles by days."""
    return {
        f"{day.date:%m-%d}": [entry.post.title for entry in day.entries]
        for week in response.context["weeks"]
        for day in week
        if day.entries
    }


def test_month_shows_what_is_out_and_what_is_scheduled_on_its_day_where_the_site_is(client, editor):
    make_post(title="Midnight", published_at=datetime(2026, 10, 2, 21, 30, tzinfo=UTC))
    make_post(title="Next month", published_at=datetime(2026, 11, 2, 12, tzinfo=UTC))
    make_post(title="Long ago", published_at=datetime(2025, 10, 2, 12, tzinfo=UTC))
    make_post(title="Later", published_at=datetime(2026, 10, 31, 12, tzinfo=UTC))
    make_post(title="Draft", status=Post.Status.DRAFT, published_at=NOW)
    make_post(title="Gone", status=Post.Status.WITHDRAWN, published_at=NOW)
    assert squares(client.get(CALENDAR)) == {"10-03": ["Midnight"], "10-31": ["Later"]}
    assert squares(client.get(CALENDAR, {"month": "2025-10"})) == {"10-02": ["Long ago"]}


@pytest.mark.parametrize(("language", "first"), [("en", "2026-10-18"), ("uk", "2026-10-19")])
def test_weeks_begin_as_is_usual_where_the_language_is_spoken(client, editor, language, first):
    SiteSettings(time_zone="Europe/Kyiv", language=language).save()
    response = client.get(CALENDAR, {"week": "2026-10-20"})
    assert str(response.context["weeks"][0][0].date) == first


def test_full_day_of_a_month_shows_some_and_leads_to_its_week(client, editor):
    category = make_category()
    for minute in range(9):
        at = NOW - timedelta(minutes=minute)
        make_post(title=f"Post {minute}", published_at=at, category=category)
    response = client.get(CALENDAR)
    assert len(squares(response)["10-20"]) == 4
    assert "5 more" in response.content.decode()
    assert len(squares(client.get(CALENDAR, {"week": "2026-10-20"}))["10-20"]) == 9


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=x", "week=2026-02-30", "month=0001-01", "week=9999-12-31"]
)
def test_what_is_no_month_or_week_is_not_found(client, editor, query):
    assert client.get(f"{CALENDAR}?{query}").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_calendar_costs_the_same_for_any_number(client, editor, rows, django_assert_num_queries):
    category = make_category()
    for number in range(rows):
        make_post(published_at=NOW + timedelta(hours=number + 1), category=category)
    with django_assert_num_queries(5):
        client.get(CALENDAR)


def test_post_is_moved_to_another_day_at_its_own_time_and_kept_as_a_version(client, editor, post):
    told = move(client, post, "2026-10-26")
    # Winter time has begun between the two: the clock shows the same, the instant is later.
    assert post.published_at == datetime(2026, 10, 26, 7, 30, tzinfo=UTC)
    assert told == ["“Later” now appears on Monday, 26 October 2026, 09:30."]
    assert post.version == 2
    assert post.versions.get(number=2).saved_by == editor
    assert AuditEntry.objects.get(kind="done").words == "Moved to Monday, 26 October 2026, 09:30."


def test_post_is_moved_to_another_time(client, editor, post):
    move(client, post, "2026-10-24", "18:05")
    assert post.published_at == datetime(2026, 10, 24, 15, 5, tzinfo=UTC)


def test_the_hour_that_is_missing_is_shifted_with_a_word(client, editor, post):
    told = move(client, post, "2027-03-28", "03:30")
    assert post.published_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # 04:30 in Kyiv
    assert told == [
        (
            "“Later” now appears on Sunday, 28 March 2027, 04:30. "
            "The clocks go forward that night and skip the time you gave, so it is later."
        )
    ]


def test_the_hour_that_is_doubled_means_the_first_one(client, editor, post):
    told = move(client, post, "2026-10-25", "03:30")
    assert post.published_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert "it is the first" in told[0]


def test_stale_move_is_refused(client, editor, post):
    post.title = "Saved meanwhile"
    post.save()
    versions.keep(Post.objects.get(pk=post.pk), by=None, now=NOW)
    at = post.published_at
    assert "somebody has saved it since" in move(client, post, "2026-10-26", version=1)[0]
    assert post.published_at == at


def test_what_came_out_meanwhile_is_not_moved(client, editor, post, time_machine):
    time_machine.move_to(post.published_at + timedelta(seconds=1), tick=False)
    at = post.published_at
    assert "it is not scheduled any more" in move(client, post, "2026-10-28")[0]
    assert post.published_at == at


def test_draft_is_not_moved(client, editor):
    draft = make_post(status=Post.Status.DRAFT, published_at=NOW + timedelta(days=1))
    assert "it is not scheduled any more" in move(client, draft, "2026-10-28")[0]
    assert draft.published_at == NOW + timedelta(days=1)


@pytest.mark.parametrize(("day", "wall_time"), [("2026-10-19", ""), ("2026-10-20", "14:59")])
def test_post_is_not_moved_into_the_past(client, editor, post, day, wall_time):
    at = post.published_at
    assert "that time is over" in move(client, post, day, wall_time)[0]
    assert post.published_at == at


@pytest.mark.parametrize("day", ["", "24.10.2026", "2026-02-30", "9999-12-31x"])
def test_what_is_no_day_is_refused_with_a_word(client, editor, post, day):
    at = post.published_at
    assert move(client, post, day) == [
        "Nothing was moved: give a day such as 2026-11-24, and a time."
    ]
    assert post.published_at == at


def test_the_last_day_of_all_moves_nothing_and_breaks_nothing(client, editor, post):
    move(client, post, "9999-12-31", "23:59")
    assert client.get(CALENDAR).status_code == 200


def test_only_those_who_publish_the_post_move_it(client, post):
    at = post.published_at
    form = {"post": post.pk, "version": post.version, "day": "2026-10-26"}
    client.force_login(make_member("contributor"))
    assert client.post(MOVE, form).status_code == 403
    author = make_member("author")
    client.force_login(author)
    assert client.post(MOVE, form).status_code == 404  # somebody else's
    post.refresh_from_db()
    assert post.published_at == at
    post.authors.add(make_author(user=author))
    assert client.post(MOVE, form).status_code == 302
    post.refresh_from_db()
    assert post.published_at == datetime(2026, 10, 26, 7, 30, tzinfo=UTC)


def test_calendar_shows_others_posts_only_to_those_who_may_see_them(client, post):
    client.force_login(make_member("author"))
    assert squares(client.get(CALENDAR)) == {}
    client.force_login(make_member("editor"))
    response = client.get(CALENDAR)
    assert squares(response) == {"10-24": ["Later"]}
    assert response.content.decode().count('name="version"') == 1


def test_moving_leads_back_to_the_calendar_and_nowhere_else(client, editor, post):
    form = {"post": post.pk, "version": 1, "day": "2026-10-26"}
    for back, target in [
        ("2026-10", f"{CALENDAR}?month=2026-10#post-{post.pk}"),
        ("2026-10-18", f"{CALENDAR}?week=2026-10-18#post-{post.pk}"),
        ("https://evil.example", f"{CALENDAR}#post-{post.pk}"),
    ]:
        assert client.post(MOVE, form | {"back": back}).url == target
        form["version"] += 1
        form["day"] = f"2026-10-{26 + form['version']}"


def test_get_moves_nothing(client, editor, post):
    assert client.get(MOVE, {"post": post.pk, "version": 1, "day": "2026-10-26"}).status_code == 405


def test_days_of_spans():
    month = month_of(date(2026, 2, 14), first_weekday=0)
    assert (month.weeks[0][0], month.weeks[-1][-1]) == (date(2026, 1, 26), date(2026, 3, 1))
    assert (month.before, month.after) == (date(2026, 1, 31), date(2026, 3, 4))
    week = week_of(date(2026, 10, 25), first_weekday=6)
    assert (week.first, week.weeks[0][-1]) == (date(2026, 10, 25), date(2026, 10, 31))
    assert day_named("2026-02") == date(2026, 2, 1)
    with pytest.raises(NoSuchSpanError):
        day_named("yesterday")


def test_moments_of_a_zone_that_skips_a_whole_day():
    apia = ZoneInfo("Pacific/Apia")  # there was no 30 December 2011
    moment = moment_of(date(2011, 12, 30), time(9), zone=apia)
    assert moment.was_missing
    assert moment.at.astimezone(apia).date() == date(2011, 12, 31)
    with pytest.raises(CannotMoveError):
        moment_of(date(1, 1, 1), time(0), zone=KYIV)
