"""Sign-up forms on other sites: they lead to a page of ours, where one more press is needed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from newsletter.models import Subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FOREIGN = {"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"}
OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
INBOX = "/subscribe/check-your-inbox/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def fields_of(response):
    form = response.context["form"]
    return {
        "email": form["email"].value(),
        "page": form.page,
        "stamp": form.next_stamp,
        "csrfmiddlewaretoken": str(response.context["csrf_token"]),
    }


def test_form_of_another_site_needs_one_press_on_ours(browser, clock):
    asked = browser.post("/subscribe/", {"email": "a@example.org"}, headers=FOREIGN)
    assert "You come from https://other.example." in asked.content.decode()
    assert Subscriber.objects.count() == 0
    clock.shift(timedelta(seconds=3))
    response = browser.post("/subscribe/", fields_of(asked), headers=OURS)

    assert response["Location"] == INBOX
    assert Subscriber.objects.get().consent_form == "https://other.example"
    assert len(mail.outbox) == 1


def test_bad_address_on_the_way_does_not_lose_where_it_came_from(browser, clock):
    asked = browser.post("/subscribe/", {"email": "a@"}, headers=FOREIGN)
    clock.shift(timedelta(seconds=3))
    wrong = browser.post("/subscribe/", fields_of(asked), headers=OURS)
    assert wrong.status_code == 400
    clock.shift(timedelta(seconds=3))
    fields = fields_of(wrong) | {"email": "a@example.org"}
    browser.post("/subscribe/", fields, headers=OURS)

    assert Subscriber.objects.get().consent_form == "https://other.example"


def test_site_that_is_allowed_needs_no_second_press(browser, settings):
    settings.SIGN_UP_ORIGINS = ["https://other.example"]
    response = browser.post("/subscribe/", {"email": "a@example.org"}, headers=FOREIGN)

    assert response["Location"] == INBOX
    assert Subscriber.objects.get().consent_form == "https://other.example"
    again = browser.post(
        "/subscribe/", {"email": "b@example.org"}, headers=FOREIGN | {"Origin": "https://x.example"}
    )
    assert again.status_code == 403


def test_allowed_site_is_held_to_the_limits_all_the_same(browser, settings):
    settings.SIGN_UP_ORIGINS = ["https://other.example"]
    codes = [
        browser.post("/subscribe/", {"email": f"a{n}@example.org"}, headers=FOREIGN).status_code
        for n in range(5)
    ]

    assert codes == [303, 303, 303, 200, 200]


@pytest.mark.parametrize(
    "origin", ["null", "https://a.example/path", "javascript:x", "https://a b"]
)
def test_origin_that_is_none_is_not_kept(browser, clock, origin):
    headers = FOREIGN | {"Origin": origin}
    asked = browser.post("/subscribe/", {"email": "a@example.org"}, headers=headers)
    assert "You come from" not in asked.content.decode()
    clock.shift(timedelta(seconds=3))
    browser.post("/subscribe/", fields_of(asked), headers=OURS)

    assert Subscriber.objects.get().consent_form == ""
