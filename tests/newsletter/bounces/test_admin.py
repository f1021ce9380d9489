"""Bounces and the settings of mail in the newsroom."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter import suppression
from newsletter.models import Bounce, MailSettings, Subscriber, SubscriberEvent
from tests.factories import make_delivery, make_editor, make_member, make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIST = "/admin/newsletter/bounce/"
SETTINGS = "/admin/newsletter/mailsettings/1/change/"
State = Subscriber.State
POISON = "<script>alert(1)</script>"


def make_bounce(**fields):
    if "subscriber" not in fields:
        fields["delivery"] = fields.get("delivery") or make_delivery()
        fields["subscriber"] = fields["delivery"].subscriber
    number = Bounce.objects.count()
    fields = {"kind": "hard", "source": "mail", "at": NOW, "fingerprint": str(number)} | fields
    return Bounce.objects.create(**fields)


@pytest.fixture
def editor(client):
    client.force_login(make_editor())
    return client


def test_list_names_address_kind_and_what_holds_now(editor):
    bounce = make_bounce(status="5.1.1")
    suppression.consider(bounce, now=NOW)
    text = editor.get(LIST).content.decode()
    assert bounce.subscriber.email in text
    assert "no such address" in text
    assert "mail stopped" in text
    assert f"/admin/newsletter/subscriber/{bounce.subscriber_id}/change/" in text


def test_detail_shows_the_evidence_as_text(editor):
    bounce = make_bounce(evidence=f"Subject: {POISON}\nStatus: 5.1.1", diagnostic=POISON)
    page = editor.get(f"{LIST}{bounce.pk}/change/").content.decode()
    assert POISON not in page
    assert "Subject: &lt;script&gt;alert(1)&lt;/script&gt;\nStatus: 5.1.1" in page
    assert str(bounce.delivery.edition) in page
    assert 'name="_save"' not in page


def test_list_is_found_by_address_and_filtered_by_kind(editor):
    wanted = make_bounce(delivery=make_delivery(subscriber=make_subscriber(email="Иван@пошта.укр")))
    other = make_bounce(kind="soft")

    def found(**query):
        return set(editor.get(LIST, query).context["cl"].queryset)

    assert found(q="иван@xn--80a1acn3a.xn--j1amh") == {wanted}
    assert found(q=other.subscriber.email[:8]) == {other}
    assert found(q="nobody@example.net") == set()
    assert found(kind__exact="soft") == {other}


def test_list_costs_the_same_for_many_rows(editor):
    def queries():
        with CaptureQueriesContext(connection) as taken:
            editor.get(LIST)
        return len(taken)

    make_bounce()
    few = queries()
    for _ in range(29):
        make_bounce()
    assert (few, queries()) == (few, few)


def test_mail_goes_again_from_the_list_of_bounces(editor):
    bounce, other = make_bounce(), make_bounce()
    for each in (bounce, other):
        suppression.consider(each, now=NOW)
    form = {"action": "release", "_selected_action": [bounce.pk]}
    response = editor.post(LIST, form, follow=True)
    assert [str(m) for m in response.context["messages"]] == ["Mail goes again to 1 address."]
    assert Subscriber.objects.get(pk=bounce.subscriber_id).state == State.ACTIVE
    assert Subscriber.objects.get(pk=other.subscriber_id).state == State.SUPPRESSED
    event = SubscriberEvent.objects.first()
    assert (event.kind, event.detail) == ("released", {"by": "newsroom"})
    assert Bounce.objects.count() == 2


def test_mail_goes_again_from_the_list_of_subscribers(editor):
    stopped = make_subscriber(state=State.SUPPRESSED, suppressed_at=NOW)
    active = make_subscriber()
    form = {"action": "release", "_selected_action": [stopped.pk, active.pk]}
    response = editor.post("/admin/newsletter/subscriber/", form, follow=True)
    assert [str(m) for m in response.context["messages"]] == ["Mail goes again to 1 address."]
    stopped.refresh_from_db()
    assert (stopped.state, stopped.suppressed_at) == (State.ACTIVE, None)


def test_who_may_only_look_cannot_release(client):
    viewer = make_member("editor")
    viewer.user_permissions.add(Permission.objects.get(codename="view_bounce"))
    client.force_login(viewer)
    bounce = make_bounce()
    suppression.consider(bounce, now=NOW)
    client.post(LIST, {"action": "release", "_selected_action": [bounce.pk]})
    assert Subscriber.objects.get().state == State.SUPPRESSED


def test_subscriber_with_bounces_can_be_erased(editor):
    bounce = make_bounce()
    path = f"/admin/newsletter/subscriber/{bounce.subscriber_id}/delete/"
    editor.post(path, {"post": "yes"})
    assert Subscriber.objects.count() == 0
    assert Bounce.objects.count() == 0


def test_settings_are_one_form(editor):
    page = editor.get("/admin/newsletter/mailsettings/", follow=True)
    assert page.redirect_chain == [(SETTINGS, 302)]
    form = {
        "default_rhythm": "weekly",
        "late_after_h": "12",
        "max_per_minute": "50",
        "max_per_hour": "1000",
        "warm_up_from": "2026-11-23",
        "warm_up_first_day": "200",
        "warm_up_growth": "30",
        "feedback_id": "review-1",
    }
    assert editor.post(SETTINGS, form).status_code == 302
    stored = MailSettings.load()
    assert (stored.default_rhythm, stored.max_per_hour) == ("weekly", 1000)
    assert stored.warm_up_from == date(2026, 11, 23)
    refused = editor.post(SETTINGS, form | {"max_per_hour": "10"})
    assert "An hour cannot have fewer mails than a minute." in refused.content.decode()
    assert MailSettings.load().max_per_hour == 1000
