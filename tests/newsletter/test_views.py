"""The sign-up form and its answers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.utils import timezone

from newsletter.models import Subscriber
from newsletter.subscribing import stamps, unanswered
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
State = Subscriber.State


def stamp():
    """What a form for one visitor carries who has looked at it for a while."""
    return stamps.for_one(now=timezone.now() - timedelta(seconds=5))


def post(browser, email="reader@example.org", *, headers=OURS, **fields):
    fields = {"email": email, "stamp": stamp()} | fields
    return browser.post("/subscribe/", fields, headers=headers)


def test_form_page_sets_no_cookie_and_holds_no_token(browser):
    response = browser.get("/subscribe/")

    assert response.status_code == 200
    assert response.cookies == {}
    assert b"csrfmiddlewaretoken" not in response.content
    assert b'name="email"' in response.content
    assert "Cookie" not in response.headers.get("Vary", "")


def test_sign_up_form_of_every_page_posts_to_us_and_names_its_page(rf):
    html = render_to_string("newsletter/_signup.html", request=rf.get("/archive/?page=2"))

    assert 'action="/subscribe/"' in html
    assert '<input type="hidden" name="page" value="/archive/">' in html
    assert "csrf" not in html
    assert 'type="hidden" name="website"' not in html
    assert " style=" not in html


@pytest.mark.parametrize(
    "headers",
    [
        OURS,
        {"Origin": "http://testserver"},
        {"Origin": "https://testserver"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    ],
)
def test_post_from_our_own_page_is_taken(browser, headers):
    response = post(browser, headers=headers, page="/2026/11/23/a-post/")

    assert response.status_code == 303
    assert response["Location"] == "/subscribe/check-your-inbox/"
    assert response.cookies == {}
    subscriber = Subscriber.objects.get()
    assert subscriber.email == "reader@example.org"
    assert subscriber.consent_form == "/2026/11/23/a-post/"
    assert subscriber.consent_text == (
        "The review and the selected articles by e-mail, as often as you choose. Nothing when "
        "there is nothing. No tracking. Unsubscribe with one click."
    )
    assert [message.to for message in mail.outbox] == [["reader@example.org"]]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    ],
)
def test_post_from_elsewhere_gets_the_form_once_more(browser, headers):
    response = post(browser, headers=headers, page="/archive/")

    assert response.status_code == 403
    assert Subscriber.objects.count() == 0
    assert mail.outbox == []
    assert b'value="reader@example.org"' in response.content
    assert b"ress the button" in response.content

    token = response.context["csrf_token"]
    again = post(browser, headers={}, page="/archive/", csrfmiddlewaretoken=str(token))
    assert again.status_code == 303
    assert Subscriber.objects.get().consent_form == "/archive/"


def test_post_from_elsewhere_with_a_wrong_token_is_not_taken(browser):
    post(browser, headers={})
    response = post(browser, headers={}, csrfmiddlewaretoken="x" * 64)

    assert response.status_code == 403
    assert Subscriber.objects.count() == 0


def test_post_with_a_token_and_a_bad_address_keeps_the_token(browser):
    token = str(post(browser, headers={}).context["csrf_token"])
    response = post(browser, "reader", headers={}, csrfmiddlewaretoken=token)

    assert response.status_code == 400
    assert b"csrfmiddlewaretoken" in response.content


def test_answer_is_the_same_for_every_address(browser):
    make_subscriber(email="active@example.org")
    make_subscriber(email="pending@example.org", state=State.PENDING, confirmed_at=None)
    make_subscriber(email="left@example.org", state=State.UNSUBSCRIBED, unsubscribed_at=LONG_AGO)
    make_subscriber(
        email="tired@example.org", state=State.PENDING, confirmed_at=None, confirmations_sent=3
    )
    unanswered.remember([("erased@example.org", 3), ("asked@example.org", 2)], now=LONG_AGO)
    posts = [
        {"email": "new@example.org"},
        {"email": "active@example.org"},
        {"email": "pending@example.org"},
        {"email": "left@example.org"},
        {"email": "tired@example.org"},
        {"email": "erased@example.org"},
        {"email": "asked@example.org"},
        {"email": "robot@example.org", "website": "https://spam.example"},
    ]
    answers = []
    for fields in posts:
        response = browser.post("/subscribe/", fields | {"stamp": stamp()}, headers=OURS)
        page = browser.get(response["Location"])
        headers = sorted(response.headers.items())
        answers.append((response.status_code, headers, response.content, page.content))

    assert all(answer == answers[0] for answer in answers)
    assert [message.to for message in mail.outbox] == [
        ["new@example.org"],
        ["pending@example.org"],
        ["left@example.org"],
        ["asked@example.org"],
    ]
    assert not Subscriber.objects.filter(email="robot@example.org").exists()


@pytest.mark.parametrize(
    "email",
    [
        "",
        "reader",
        "reader@example",
        "a@example.org\r\nBcc: b@example.org",
        "a@b.org\x00",
        "x" * 321,
    ],
)
def test_bad_address_gets_the_form_again_with_the_error_beside_the_field(browser, email):
    response = post(browser, email, page="/archive/")
    html = response.content.decode()

    assert response.status_code == 400
    assert response.cookies == {}
    assert '<ul class="errors" id="id_email_error">' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_error"' in html
    assert html.count('value="/archive/"') == 1
    assert Subscriber.objects.count() == 0
    assert mail.outbox == []


def test_bad_address_is_shown_again_escaped(browser):
    response = post(browser, '"><script>alert(1)</script>')

    assert b"<script>alert" not in response.content
    assert b"&quot;&gt;&lt;script&gt;alert(1)" in response.content


@pytest.mark.parametrize("page", ["", "https://evil.example/", "archive", "/\x00", "/\r\nx"])
def test_form_path_that_is_none_is_left_out(browser, page):
    post(browser, page=page)

    assert Subscriber.objects.get().consent_form == ""


def test_long_form_path_is_cut(browser):
    post(browser, page="/" + "x" * 500)

    assert Subscriber.objects.get().consent_form == "/" + "x" * 199


def test_other_methods_are_refused(browser):
    response = browser.put("/subscribe/", headers=OURS)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"


def test_check_your_inbox_is_the_same_page_to_all_and_not_indexed(browser):
    response = browser.get("/subscribe/check-your-inbox/")

    assert response.status_code == 200
    assert response.cookies == {}
    assert response["X-Robots-Tag"] == "noindex"
    assert b"Open the link in it and press the button" in response.content
