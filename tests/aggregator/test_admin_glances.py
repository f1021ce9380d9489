"""Where the form of a post asks what stands at an address."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from aggregator import glancing
from aggregator.models import Glance
from aggregator.page_facts import PageFacts
from tests.factories import make_editor, make_user

pytestmark = pytest.mark.django_db
ASK = reverse("admin:aggregator_glance")
FACTS = PageFacts(
    url="https://a.example/", title="<b>T</b>", outlet="O", excerpt="E", language="uk"
)


@pytest.fixture
def writer(client):
    """Somebody who writes posts and may do nothing with feeds."""
    writer = make_user(is_staff=True)
    writer.user_permissions.add(Permission.objects.get(codename="add_post"))
    client.force_login(writer)
    return writer


def test_an_address_is_left_to_the_poller_and_asked_for_until_it_is_there(client, writer):
    told = client.post(ASK, {"address": " https://a.example/ "}).json()
    glance = Glance.objects.get()
    assert (glance.address, glance.asked_by) == ("https://a.example/", writer)
    assert told == {
        "state": "waiting",
        "look": reverse("admin:aggregator_glance_answer", args=[glance.pk]),
        "sentence": "",
    }
    glancing.keep(glance, FACTS, "")
    response = client.get(told["look"])
    assert response.json() == told | {
        "state": "found",
        "url": "https://a.example/",
        "title": "<b>T</b>",
        "outlet": "O",
        "excerpt": "E",
        "language": "uk",
    }
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]


def test_what_came_to_nothing_says_why(client, writer):
    told = client.post(ASK, {"address": "https://a.example/"}).json()
    glancing.keep(Glance.objects.get(), None, "The site refuses us (403).")
    found = client.get(told["look"]).json()
    assert (found["state"], found["sentence"]) == ("failed", "The site refuses us (403).")


@pytest.mark.parametrize(
    "address", ["", "javascript:alert(1)", "file:///etc/passwd", "a", "http://", "ftp://a.example/"]
)
def test_what_is_no_address_is_refused_in_a_sentence(client, writer, address):
    response = client.post(ASK, {"address": address})
    assert (response.status_code, response.json()["sentence"]) == (
        400,
        "This is no http or https address.",
    )
    assert Glance.objects.count() == 0


def test_a_name_and_password_in_an_address_are_not_kept(client, writer):
    client.post(ASK, {"address": "https://me:secret@a.example/"})
    assert Glance.objects.get().address == "https://a.example/"


def test_who_asks_for_too_much_is_told_to_wait(client, writer, monkeypatch):
    monkeypatch.setattr(glancing, "MOST_OF_ONE", 1)
    client.post(ASK, {"address": "https://a.example/"})
    response = client.post(ASK, {"address": "https://b.example/"})
    assert response.status_code == 429
    assert "Wait a few minutes" in response.json()["sentence"]


def test_without_a_poller_the_wait_ends_with_a_sentence(client, writer):
    told = client.post(ASK, {"address": "https://a.example/"}).json()
    Glance.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    found = client.get(told["look"]).json()
    assert (found["state"], found["sentence"]) == (
        "failed",
        "Nobody has looked there yet: is the poller running?",
    )


def test_a_look_is_its_askers_own_and_for_writers_only(client, writer):
    told = client.post(ASK, {"address": "https://a.example/"}).json()
    client.force_login(make_editor())
    assert client.get(told["look"]).status_code == 404
    client.force_login(make_user(is_staff=True))
    assert client.get(told["look"]).status_code == 403
    assert client.post(ASK, {"address": "https://b.example/"}).status_code == 403
    assert Glance.objects.count() == 1
