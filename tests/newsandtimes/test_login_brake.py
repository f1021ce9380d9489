"""The brake on guessing: who is slowed, for how long, and who never."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import LoginFailure
from tests.factories import make_editor
from tests.newsandtimes.logging_in import (
    LOGIN,
    PASSWORD,
    is_in,
    log_in,
)

pytestmark = pytest.mark.django_db


def test_tenth_wrong_password_is_the_last_for_a_quarter_of_an_hour(client, ada, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    for _ in range(10):
        assert "is not right" in log_in(client, password="wrong").text
    refused = log_in(client)
    assert "There were too many tries. You may try again at" in refused.text
    assert not is_in(client)
    time_machine.move_to(now + timedelta(minutes=15, seconds=1), tick=False)
    assert log_in(client).status_code == 302


def test_unknown_names_are_braked_alike(client):
    for _ in range(10):
        log_in(client, "nobody", "wrong")
    assert "too many tries" in log_in(client, "nobody", "wrong").text


def test_other_addresses_do_not_keep_the_owner_out_of_a_known_browser(client, ada):
    log_in(client)
    client.post("/admin/logout/")
    for number in range(40):
        log_in(Client(), password="wrong", address=f"198.51.100.{number}")
    assert "too many tries" in log_in(Client(), address="203.0.113.9").text
    assert log_in(client).status_code == 302


def test_known_browser_has_ten_tries_of_its_own_and_is_known_for_its_owner_only(client, ada):
    make_editor(username="ben", password=PASSWORD)
    log_in(client)
    client.post("/admin/logout/")
    for _ in range(10):
        log_in(client, password="wrong")
    assert "too many tries" in log_in(client).text
    for number in range(40):
        log_in(Client(), "ben", "wrong", address=f"198.51.100.{number}")
    assert "too many tries" in log_in(client, "ben").text


def test_forged_memory_of_a_browser_is_none(client, ada):
    client.cookies["known_browser"] = "WyJ4IiwiYWRhIl0:1:x"
    for _ in range(10):
        log_in(client, password="wrong")
    client.cookies["known_browser"] = "another"
    assert "too many tries" in log_in(client).text


def test_one_address_is_braked_over_all_names(client, ada):
    for number in range(50):
        log_in(client, f"name{number}", "wrong")
    assert "too many tries" in log_in(client).text
    assert log_in(client, address="192.0.2.2").status_code == 302


def test_good_logins_do_not_make_room_for_guesses(client, ada):
    make_editor(username="mallory", password=PASSWORD)
    for _ in range(10):
        log_in(client, password="wrong")
        assert log_in(Client(), "mallory").status_code == 302
    assert "too many tries" in log_in(client).text


def test_header_of_a_proxy_is_believed_only_where_there_is_one(client, ada, settings):
    for number in range(10):
        client.post(
            LOGIN,
            {"login": "ada", "password": "wrong"},
            headers={"x-forwarded-for": f"203.0.113.{number}"},
        )
    assert set(LoginFailure.objects.values_list("address", flat=True)) == {"127.0.0.1"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client.post(
        LOGIN,
        {"login": "ada", "password": "wrong"},
        headers={"x-forwarded-for": "10.0.0.1, 203.0.113.77"},
    )
    assert LoginFailure.objects.filter(address="203.0.113.77").count() == 1
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 3
    client.post(
        LOGIN, {"login": "eve", "password": "x"}, headers={"x-forwarded-for": "203.0.113.78"}
    )
    assert not LoginFailure.objects.filter(address="203.0.113.78").exists()


def test_what_is_typed_as_a_name_is_nowhere_kept_in_the_clear(client):
    log_in(client, "my-secret-password", "x")
    assert "my-secret-password" not in str(list(LoginFailure.objects.values()))
