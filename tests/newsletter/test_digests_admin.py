"""The editors' pages of digests."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsletter.models import Digest, Edition
from tests.factories import make_digest, make_editor, make_member
from tests.newsletter.editions.test_collecting import DUE, NOW, make_open

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_its_time():
    Digest.objects.all().delete()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def editor(client):
    client.force_login(make_member("editor"))
    return client


def digest_form(**fields):
    return {
        "title": "The weekly",
        "slug": "",
        "audience": "weekly",
        "days": ["5", "1"],
        "hour": "7",
        "minute": "30",
        "has_posts": "on",
        "min_items": "1",
        "max_items": "60",
        "is_active": "on",
    } | fields


def test_digest_is_made_with_its_days_ticked(editor):
    editor.post(reverse("admin:newsletter_digest_add"), digest_form())
    digest = Digest.objects.get()
    assert (digest.days, digest.slug, digest.started_at) == ("15", "the-weekly", NOW)
    (edition,) = digest.editions.all()
    assert edition.due_at == datetime(2026, 11, 27, 7, 30, tzinfo=UTC)
    shown = editor.get(reverse("admin:newsletter_digest_changelist")).content.decode()
    assert "Mon, Fri, 07:30" in shown
    assert "27 Nov 2026, 07:30" in shown


def test_digest_needs_a_day(editor):
    response = editor.post(reverse("admin:newsletter_digest_add"), digest_form(days=[]))
    assert "days" in response.context["adminform"].form.errors
    assert Digest.objects.count() == 0


def test_next_edition_follows_a_changed_digest_at_once(editor):
    edition = make_open(make_digest(audience="daily"), slot_at=DUE)
    path = reverse("admin:newsletter_digest_change", args=[edition.digest_id])
    assert [*editor.get(path).context["adminform"].form["days"].value()] == [*"1234567"]
    form = digest_form(title="The daily review", slug="daily", audience="daily", hour="9")
    editor.post(path, form)
    edition.refresh_from_db()
    assert edition.due_at == datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def test_digest_that_is_switched_on_again_mails_nothing_of_the_pause(editor):
    digest = make_digest(is_active=False, audience="weekly")
    path = reverse("admin:newsletter_digest_change", args=[digest.pk])
    editor.post(path, digest_form())
    assert Edition.objects.get().window_start == NOW


def test_digests_list_takes_as_many_queries_for_30_rows_as_for_one(client):
    client.force_login(make_editor())
    counts = []
    for rows in (1, 29):
        for _ in range(rows):
            make_open()
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:newsletter_digest_changelist"))
        counts.append(len(queries))
    assert counts[0] == counts[1] < 10
