"""Editors hear, at most once a day, which feeds fell ill and which are well again."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core import mail

from aggregator.models import Feed
from blog.models import SiteSettings
from newsandtimes.feed_mail import MOST_LISTED
from newsandtimes.tasks import tell_of_feeds
from tests.factories import make_editor, make_feed, make_user

pytestmark = pytest.mark.django_db
Health = Feed.Health
MORNING = datetime(2026, 11, 24, 7, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_seven():
    with time_machine.travel(MORNING, tick=False):
        yield


def ill(**fields):
    return make_feed(
        **{
            "health": Health.FAILING,
            "told_health": Health.OK,
            "health_since": MORNING - timedelta(hours=9),
            "last_error": "The server did not answer in time.",
            "last_error_kind": "Timeout",
        }
        | fields
    )


def well(**fields):
    return make_feed(**{"health": Health.OK, "told_health": Health.FAILING} | fields)


def tell():
    return tell_of_feeds.enqueue().return_value


def test_one_mail_tells_what_fell_ill_and_what_is_well_again():
    make_editor(email="editor@example.org")
    feed, recovered = ill(title="Outlet <b>"), well(title="Other")
    assert tell() == 1
    [message] = mail.outbox
    assert message.to == ["editor@example.org"]
    assert message.subject == f"{SiteSettings.load().title}: 1 feed in trouble"
    assert message.body == (
        "IN TROUBLE\n\n"
        "Outlet <b>: failing since 23 November 2026, 22:07\n"
        "  The server did not answer in time.\n"
        "  It is tried again in an hour, then less and less often, but at least once a day.\n"
        f"  http://testserver/admin/aggregator/feed/{feed.pk}/change/\n"
        "\nWELL AGAIN\n\n"
        "Other (was failing)\n"
        f"  http://testserver/admin/aggregator/feed/{recovered.pk}/change/\n\n"
        "All feeds: http://testserver/admin/aggregator/feed/\n\n"
        "You get this mail because you look after feeds here; it comes only when something "
        "changed.\n"
    )
    html = message.alternatives[0].content
    assert "Outlet &lt;b&gt;" in html
    assert "<b>" not in html
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_next_day_says_nothing_new():
    make_editor()
    ill()
    assert (tell(), tell(), len(mail.outbox)) == (1, 0, 1)


def test_a_feed_that_fell_ill_and_recovered_in_between_is_no_news():
    make_editor()
    make_feed(health=Health.OK, told_health=Health.OK)
    make_feed(health=Health.OK, told_health=Health.WAITING)
    assert tell() == 0


def test_a_feed_that_is_switched_off_is_no_news_but_one_that_is_gone_is():
    make_editor()
    ill(is_active=False)
    assert tell() == 0
    ill(is_active=False, health=Health.GONE)
    assert tell() == 1


def test_only_who_may_change_feeds_is_told():
    change_feed = Permission.objects.get(codename="change_feed")
    keeper = make_user(is_staff=True, email="keeper@example.org")
    keeper.user_permissions.add(change_feed)
    make_user(is_staff=True, email="writer@example.org")
    make_user(email="reader@example.org")
    make_editor(email="")
    gone = make_user(is_staff=True, is_active=False, email="gone@example.org")
    gone.user_permissions.add(change_feed)
    ill()
    assert tell() == 1
    assert [message.to for message in mail.outbox] == [["keeper@example.org"]]


@pytest.mark.parametrize(("hour", "told"), [(6, 0), (7, 1), (8, 0)])
def test_the_morning_is_that_of_the_site(hour, told):
    make_editor()
    ill()
    site = SiteSettings.load()
    site.time_zone = "Europe/Kyiv"
    site.save()
    with time_machine.travel(MORNING.replace(hour=hour - 2), tick=False):
        assert tell() == told


def test_a_long_list_is_cut():
    make_editor()
    for _ in range(MOST_LISTED + 3):
        ill()
    tell()
    body = mail.outbox[0].body
    assert body.count("/admin/aggregator/feed/") == MOST_LISTED + 1
    assert "\nand 3 more\n" in body


def test_what_nobody_could_be_told_waits_for_the_first_editor():
    ill()
    assert tell() == 0
    make_editor()
    assert tell() == 1
