"""Where one is logged in, and new passwords."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone

from newsandtimes import tasks
from tests.factories import make_editor
from tests.newsandtimes.logging_in import (
    PASSWORD,
    is_in,
    log_in,
)

pytestmark = pytest.mark.django_db


def test_logins_are_listed_and_ended_one_by_one(client, ada):
    log_in(client, address="192.0.2.1")
    phone, tablet = Client(headers={"user-agent": "Phone"}), Client()
    for other in (phone, tablet):
        log_in(other, address="192.0.2.7")
    page = client.get("/admin/account/")
    assert "Phone" in page.text
    assert "192.0.2.7" in page.text
    row = UserSession.objects.get(session_key=phone.session.session_key)
    assert client.get(f"/admin/account/end/{row.pk}/").status_code == 405
    client.post(f"/admin/account/end/{row.pk}/")
    assert (is_in(phone), is_in(tablet), is_in(client)) == (False, True, True)
    client.post("/admin/account/end/")
    assert (is_in(tablet), is_in(client)) == (False, True)


def test_looking_at_logins_deletes_nothing_and_the_sweep_does(client, ada):
    other = Client(headers={"user-agent": "Gone"})
    log_in(client)
    log_in(other)
    other.session.flush()
    for _ in range(2):
        assert "Gone" not in client.get("/admin/account/").text
    assert UserSession.objects.count() == 2
    tasks.sweep.func()
    assert UserSession.objects.get().session_key == client.session.session_key


def test_nobody_ends_anothers_login(client, ada):
    other = Client()
    log_in(other)
    client.force_login(make_editor(username="ben"))
    row = UserSession.objects.get(session_key=other.session.session_key)
    assert client.post(f"/admin/account/end/{row.pk}/").status_code == 404
    client.post("/admin/account/end/")
    assert is_in(other)


def test_new_password_ends_the_other_logins(client, ada):
    other = Client()
    log_in(client)
    log_in(other)
    body = {"old_password": PASSWORD, "new_password1": "qz-7-other", "new_password2": "qz-7-other"}
    assert client.post("/admin/password_change/", body).status_code == 302
    assert (is_in(client), is_in(other)) == (True, False)
    weak = {"old_password": "qz-7-other", "new_password1": "12345678", "new_password2": "12345678"}
    assert "This password is entirely numeric." in client.post("/admin/password_change/", weak).text


def test_visits_are_noted_every_few_minutes_only(client, ada, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    log_in(client)
    seen = []
    for minutes in (1, 4, 6):
        time_machine.move_to(now + timedelta(minutes=minutes), tick=False)
        client.get("/admin/account/")
        seen.append(UserSession.objects.get().last_seen_at - now)
    assert seen == [timedelta(0), timedelta(0), timedelta(minutes=6)]


def test_logging_out_is_a_post(client, ada):
    log_in(client)
    assert client.get("/admin/logout/").status_code == 405
    assert is_in(client)
    client.post("/admin/logout/")
    assert not is_in(client)


def ask(client, email):
    return client.post("/admin/password_reset/", {"email": email}, headers={"host": "localhost"})


def test_new_password_comes_by_mail_with_a_link_to_our_own_address(client, ada, settings):
    settings.SITE_URL = "https://review.example"
    answer = ask(client, "ada@example.org")
    [message] = mail.outbox
    assert message.to == ["ada@example.org"]
    assert message.subject == "A new password for The News And Times Review"
    path = re.search(r"https://review\.example(/admin/password_reset/\S+)", message.body)[1]
    assert "localhost" not in message.body
    form = client.get(path, follow=True)
    body = {"new_password1": "qz-7-other", "new_password2": "qz-7-other"}
    assert client.post(form.redirect_chain[-1][0], body).status_code == 302
    assert log_in(Client(), password="qz-7-other").status_code == 302
    assert "new_password1" not in client.get(path, follow=True).text
    nobody = ask(client, "nobody@example.org")
    assert (nobody.status_code, nobody["Location"]) == (answer.status_code, answer["Location"])
    assert len(mail.outbox) == 1


def test_address_is_mailed_three_times_an_hour_at_most(client, ada):
    for _ in range(5):
        ask(client, "ada@example.org")
    assert len(mail.outbox) == 3
