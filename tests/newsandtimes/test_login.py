"""Logging in with name and password: who gets in, and what others are told."""

import re

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import get_hashers
from django.test import Client

from blog.models import User
from tests.factories import make_editor, make_user
from tests.newsandtimes.logging_in import (
    LOGIN,
    PASSWORD,
    is_in,
    log_in,
    words,
)

pytestmark = pytest.mark.django_db


def test_right_password_opens_the_newsroom_and_changes_the_key(client, ada):
    client.get(LOGIN)
    client.session["x"] = 1
    session = client.session
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key
    response = log_in(client)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert is_in(client)
    assert client.session.session_key != session.session_key


@pytest.mark.parametrize(
    ("to", "leads_to"),
    [
        ("/admin/blog/post/", "/admin/blog/post/"),
        ("https://evil.example/", "/admin/"),
        ("//evil.example/", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
    ],
)
def test_login_leads_on_within_the_site_only(client, ada, to, leads_to):
    assert log_in(client, to=to)["Location"] == leads_to


def test_answer_is_the_same_for_a_wrong_name_a_wrong_password_and_who_may_not_enter(client, ada):
    make_user(username="reader", password=PASSWORD)
    make_editor(username="gone", password=PASSWORD, is_active=False)
    answers = [
        log_in(client, *pair)
        for pair in [
            ("ada", "wrong"),
            ("nobody", "wrong"),
            ("reader", PASSWORD),
            ("gone", PASSWORD),
        ]
    ]
    assert {answer.status_code for answer in answers} == {200}
    shown = {re.sub(r'value="\w+"|nonce="[^"]*"', "", words(answer)) for answer in answers}
    assert len(shown) == 1
    assert "The name or the password is not right." in shown.pop()
    assert not is_in(client)


def test_unknown_name_costs_as_much_hashing_as_a_known_one(client, ada, monkeypatch):
    calls = []
    hasher = type(get_hashers()[0])
    original = hasher.encode

    def counted(self, *args, **kwargs):
        calls.append(1)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(hasher, "encode", counted)
    log_in(client, "ada", "wrong")
    known = len(calls)
    calls.clear()
    log_in(client, "nobody", "wrong")
    assert len(calls) == known > 0


def test_login_needs_a_token(ada):
    client = Client(enforce_csrf_checks=True)
    assert log_in(client).status_code == 403


def test_account_that_lost_its_right_meets_the_login_and_no_loop(client, ada):
    log_in(client)
    User.objects.update(is_staff=False)
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain == [("/admin/login/?next=/admin/", 302)]
    assert "who has no place in the newsroom" in response.text
    response = client.post("/admin/account/logout/", {"next": LOGIN}, follow=True)
    assert 'id="login-form"' in response.text


def test_readers_get_no_cookie_and_no_sign_up(client):
    for path in ("/", "/feed/", "/subscribe/"):
        response = client.get(path)
        assert client.cookies == {}
        assert "Cookie" not in response.get("Vary", "")
    assert client.get("/admin/account/signup/")["Location"].startswith(LOGIN)
    assert client.get("/accounts/login/").status_code == 404
