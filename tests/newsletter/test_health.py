"""Whether the last edition was taken."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from newsandtimes.alarms import alarms
from newsletter import health
from newsletter.models import Bounce
from tests.factories import make_delivery, make_edition, make_editor

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def make_mails(*kinds, count=40, frozen_at=NOW - timedelta(hours=3)):
    """An edition of so many mails, of which the first came back like this."""
    edition = make_edition(state="sent", frozen_at=frozen_at, number=41)
    mails = [make_delivery(edition=edition, state="sent") for _ in range(count)]
    for number, kind in enumerate(kinds):
        Bounce.objects.create(
            delivery=mails[number],
            subscriber=mails[number].subscriber,
            kind=kind,
            source="mail",
            at=frozen_at + timedelta(hours=1),
            fingerprint=f"{edition.pk} {number}",
        )
    return edition


def names():
    return [alarm.name for alarm in alarms(now=NOW)]


def test_few_bounces_are_no_alarm():
    make_mails("hard", "soft", "auto", "auto", "auto", "auto", "auto")
    found = health.of_last_edition(now=NOW)
    assert (found.bounces, found.complaints) == (2, 0)
    assert names() == []


def test_more_than_one_in_twenty_is_an_alarm(client):
    edition = make_mails("hard", "soft", "quota", "policy", "hard")
    assert names() == ["Much of the newsletter comes back."]
    client.force_login(make_editor())
    text = client.get(reverse("admin:index")).content.decode()
    assert f"5 mails of “{edition}” did not arrive" in text
    assert "Whoever runs the site" not in text


def test_one_in_twenty_is_none_yet():
    make_mails("hard", "soft", "quota", "policy", "hard", count=100)
    assert names() == []


def test_two_complaints_of_few_are_an_alarm():
    make_mails("complaint", "complaint")
    assert names() == ["Readers call the newsletter spam."]


def test_one_complaint_says_nothing_of_a_short_list():
    make_mails("complaint")
    assert names() == []


def test_several_reports_of_one_mail_count_once():
    edition = make_mails("hard", "hard", "hard", "hard")
    delivery = edition.deliveries.first()
    for number in range(5):
        Bounce.objects.create(
            delivery=delivery, kind="soft", source="mail", at=NOW, fingerprint=f"again {number}"
        )
    assert health.of_last_edition(now=NOW).bounces == 4


def test_only_the_last_edition_of_the_week_is_looked_at():
    make_mails(*["hard"] * 9, frozen_at=NOW - timedelta(days=2))
    assert names() == ["Much of the newsletter comes back."]
    make_mails()
    assert names() == []


def test_what_was_long_ago_is_over():
    make_mails(*["hard"] * 9, frozen_at=NOW - timedelta(days=8))
    assert health.of_last_edition(now=NOW) is None
    assert names() == []
