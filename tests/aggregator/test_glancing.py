"""Looking at the pages that editors write about, at a real server."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from aggregator import glancing
from aggregator.fetch import Limits, open_session
from aggregator.hosts import HostTurns
from aggregator.kit import Kit, in_database
from aggregator.models import Glance
from tests.aggregator.serving import LOOPBACK, Answer
from tests.factories import make_editor

pytestmark = pytest.mark.django_db
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = Answer(b"<title>A title</title>", headers=HTML)


def look(*, allowed=LOOPBACK, **limits):
    """Do what a poller does with all that wait."""

    async def go():
        bounds = Limits(**{"timeout_s": 2} | limits)
        async with open_session(
            user_agent="Test", allowed_networks=allowed, limits=bounds
        ) as session:
            kit = Kit(
                session=session,
                limits=bounds,
                turns=HostTurns(gap_s=0),
                pool=None,
                clock=timezone.now,
            )
            for piece in await in_database(glancing.claim_waiting, now=timezone.now(), limit=8):
                await glancing.attend(piece, kit)

    async_to_sync(go)()


def seen(address, **options):
    glance = Glance.objects.create(address=address, asked_by=make_editor(), asked_at=timezone.now())
    look(**options)
    glance.refresh_from_db()
    return glance


def test_a_page_says_what_it_is(server):
    server.answers["/a"] = PAGE
    glance = seen(server.url("/a"))
    assert (glance.state, glance.error, glance.facts["title"]) == ("found", "", "A title")
    assert glance.facts["url"] == server.url("/a")
    assert server.asked[0].headers["Accept"].startswith("text/html")
    assert "Cookie" not in server.asked[0].headers


def test_a_redirect_leads_to_the_page_behind_it(server):
    server.answers["/old"] = Answer(status=302, headers={"Location": "/new"})
    server.answers["/new"] = PAGE
    assert seen(server.url("/old")).facts["url"] == server.url("/new")


def test_a_page_in_another_charset_is_read(server):
    body = "<meta charset=windows-1251><title>Перемирье</title>".encode("cp1251")
    server.answers["/a"] = Answer(body, headers={"Content-Type": "text/html"})
    assert seen(server.url("/a")).facts["title"] == "Перемирье"


@pytest.mark.parametrize(
    "address", ["http://10.1.2.3/a", "http://169.254.169.254/latest/", "http://[::1]/a"]
)
def test_private_addresses_are_refused_with_the_reason(address):
    glance = seen(address, allowed=())
    assert glance.state == "failed"
    assert "is not on the public internet" in glance.error


def test_a_redirect_to_a_private_address_is_refused(server):
    server.answers["/a"] = Answer(status=302, headers={"Location": "http://10.1.2.3/"})
    assert seen(server.url("/a")).error == (
        "The name leads to 10.1.2.3, which is not on the public internet."
    )


@pytest.mark.parametrize(
    ("answer", "limits", "words"),
    [
        (
            Answer(b"<title>A" + b" " * 3_000_000, headers=HTML),
            {"max_bytes": 1024 * 1024},
            "larger",
        ),
        (Answer(b"x", delay_s=1), {"timeout_s": 0.2}, "did not answer in time"),
        (Answer(status=403), {}, "The site refuses us (403)."),
        (Answer(status=410), {}, "The site says that the page is gone for good (410)."),
        (Answer(b"%PDF", headers={"Content-Type": "application/pdf"}), {}, "no web page"),
        (Answer(b"<p>Words", headers=HTML), {}, "does not say what it is called"),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence_about_a_page(server, answer, limits, words):
    server.answers["/a"] = answer
    glance = seen(server.url("/a"), **limits)
    assert (glance.state, glance.facts) == ("failed", {})
    assert words in glance.error
    assert "feed" not in glance.error


def test_a_circle_of_redirects_ends(server):
    server.answers["/a"] = Answer(status=302, headers={"Location": "/a"})
    assert seen(server.url("/a")).error == "The address leads on and on without reaching a page."
    assert len(server.asked) == 6


def test_a_page_is_taken_by_one_poller_and_forgotten_after_a_day():
    now = timezone.now()
    who = make_editor()
    old = Glance.objects.create(
        address="x", asked_by=who, asked_at=now - timedelta(days=2), state="found"
    )
    Glance.objects.create(address="y", asked_by=who, asked_at=now)
    assert len(glancing.claim_waiting(now=now, limit=8)) == 1
    assert glancing.claim_waiting(now=now, limit=8) == []
    assert not Glance.objects.filter(pk=old.pk).exists()
    assert len(glancing.claim_waiting(now=now + glancing.CLAIM, limit=8)) == 1


def test_a_second_question_about_a_page_costs_no_second_look():
    now, who, other = timezone.now(), make_editor(), make_editor()
    first = glancing.ask("https://a.example/", user_id=who.pk, now=now)
    assert glancing.ask("https://a.example/", user_id=who.pk, now=now) == first
    assert glancing.ask("https://a.example/", user_id=other.pk, now=now) != first
    Glance.objects.update(state="failed")
    assert glancing.ask("https://a.example/", user_id=who.pk, now=now) != first


def test_nobody_has_the_whole_web_looked_at():
    now, who, other = timezone.now(), make_editor(), make_editor()
    for number in range(glancing.MOST_OF_ONE):
        glancing.ask(f"https://a.example/{number}", user_id=who.pk, now=now)
    with pytest.raises(glancing.TooManyGlancesError):
        glancing.ask("https://b.example/", user_id=who.pk, now=now)
    glancing.ask("https://b.example/", user_id=other.pk, now=now)
    later = now + glancing.MOST_OF_ONE_WITHIN
    glancing.ask("https://b.example/", user_id=who.pk, now=later)
