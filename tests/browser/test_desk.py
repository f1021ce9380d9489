"""Five hundred headlines triaged by keyboard; every output shows what was decided, and no more."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from aggregator.models import Decision, Headline, Rule
from blog.models import Post
from newsletter.editions.collecting import collect
from newsletter.models import Digest, Edition
from tests.aggregator.desk.desking import tell_together
from tests.browser.desk import DESK, arrive, press, until_sent, wait_at_the_desk
from tests.factories import make_category, make_collection, make_digest, make_edition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COUNT = 500
LAST = 481
"""The last that gets a key; what is below is passed over together."""
STORY, TAKEN_OUT = (30, 31, 32), 32
"""One row stands for the first two; the third is taken out of the story and goes on waiting."""
MUTED = (70, 71, 72)
BREAKING, POST, STARRED, DIGEST = 15, 25, (8, 108), (5, 105, 205)
OWN, TRANSLATED, MERGED, MUTES = 468, 458, (48, 49), 60
OWN_TITLE, TRANSLATION = "In our own words", "Іншою мовою"
UNDONE = (481, 480, 479, 478, 477, 476, 475, 474, 473)
"""With passing over, which is undone first, ten."""


def key_of(number):
    """Which key decides on a headline in the end; most are dropped."""
    if number in {OWN, TRANSLATED, STORY[0], MERGED[1]}:
        return "s"
    named = {BREAKING: "b", POST: "p"} | dict.fromkeys(DIGEST, "d")
    by_rhythm = "s" if number % 10 == 0 else "1" if number % 25 == 3 else "x"
    return named.get(number, "x" if number in {*STARRED, MUTES} else by_rhythm)


ROWS = [n for n in range(LAST + 1) if n not in {*STORY[1:], *MUTED, MERGED[0]}]
KEPT = [n for n in ROWS if n not in UNDONE]


def decided(keys):
    """The headlines on which the keys have decided for good, the newest decision first."""
    return [number for number in reversed(KEPT) if key_of(number) in keys]


@pytest.fixture
def collections(transactional_db):
    """What the keys pick into."""
    selected = make_collection(title="Selected Articles", desk_key="s", home_count=12)
    make_collection(title="Tweets", desk_key="1", position=1, home_count=0)
    make_collection(title="Starred", desk_key="*", position=2)
    mail = make_collection(title="In the next digest", desk_key="d", is_public=False, position=3)
    return selected, mail


@pytest.fixture
def edition(collections):
    """The next edition of a digest that takes the selected ones, and what is for mail only."""
    Digest.objects.all().delete()
    now = timezone.now()
    digest = make_digest(started_at=now - timedelta(days=1), max_items=200)
    digest.collections.add(*collections)
    return make_edition(
        digest=digest,
        state=Edition.State.OPEN,
        frozen_at=None,
        due_at=now + timedelta(hours=2),
        window_start=digest.started_at,
    )


@pytest.fixture
def desk(open_as_editor, edition):
    """The Desk with five hundred headlines of five outlets, some of them told together."""
    make_category(name="Review")
    made = wait_at_the_desk(COUNT, feeds=5)
    tell_together(*(made[number] for number in STORY))
    gossip = [made[number].pk for number in MUTED]
    Headline.objects.filter(pk__in=gossip).update(title="Gossip of the day")
    return open_as_editor(DESK)


@pytest.mark.long
def test_five_hundred_headlines_by_keyboard(desk, edition, client, open_as_editor):
    for number in range(LAST + 1):
        if number in ROWS or number == MERGED[0]:
            triage(desk, number)
        if number % 100 == 99:
            until_sent(desk)  # the keys come faster here than an editor presses them
    pass_over_the_rest(desk)
    expect(desk.locator("#desk-left")).to_have_text("1")
    assert shown(desk) == [TAKEN_OUT]

    press(desk, *"u" * 10)
    until_sent(desk)
    desk.reload()
    expect(desk.locator("#desk-left")).to_have_text(str(COUNT - len(KEPT) - 5))
    waiting = [TAKEN_OUT, *range(min(UNDONE), COUNT)]
    assert shown(desk) == waiting[:50]
    # Loading the page anew ends what it had just asked, and a busy site is asked again.
    passing = ("/news/", "Failed to load resource")
    assert [one for one in desk.complaints if not any(part in one for part in passing)] == []

    check_public_pages(client)
    client.force_login(open_as_editor.editor)
    check_newsroom(client)
    check_edition(edition, client)


def triage(page, number):
    """Decide on a headline, at which the cursor is or comes to be."""
    arrive(page, number)
    match number:
        case n if n == STORY[0]:
            press(page, "g")
            page.locator(".is-current [name=members]").last.check()
            press(page, "g")
        case n if n in MERGED[:1]:
            press(page, "Shift+G", "j", "Shift+G")
            return
        case n if n == MUTES:
            mute(page)
        case n if n == OWN:
            write(page, "e", OWN_TITLE)
        case n if n == TRANSLATED:
            write(page, "t", TRANSLATION)
        case n if n in STARRED:
            press(page, "*")
    press(page, key_of(number))


def write(page, key, text):
    press(page, key)
    page.keyboard.type(text)
    press(page, "Enter")


def mute(page):
    """Mute a word, which takes other rows too: the page comes anew, the cursor where it was."""
    press(page, "m", "Tab")
    page.keyboard.type("gossip")
    with page.expect_event("load", timeout=60_000):
        press(page, "Enter")
    arrive(page, MUTES)


def pass_over_the_rest(page):
    arrive(page, LAST + 1)
    until_sent(page)
    page.locator(".is-current").get_by_role("button", name="More").click()
    with page.expect_event("load", timeout=60_000):
        page.get_by_role("button", name="This and all older are seen").click()


def shown(page):
    titles = page.locator(".desk-title").all_text_contents()
    return [int(title.removeprefix("Headline ")) for title in titles]


def told(text):
    """The headlines to which an output leads, in its order."""
    found = re.findall(r"https://outlet\d\.example/(\d+)", text)
    return list(dict.fromkeys(int(number) for number in found))


def check_public_pages(client):
    selected, newest = [BREAKING, *decided("s")], decided("sb")
    body = client.get("/selected-articles/").content.decode()
    assert told(body) == selected[:30]
    assert OWN_TITLE in body
    assert TRANSLATION in body
    assert told(client.get("/").content.decode()) == selected[:12]
    assert told(client.get("/selected-articles/feed/").content.decode()) == newest[:30]
    items = client.get("/selected-articles/feed.json").json()["items"]
    assert told(json.dumps(items).replace("\\/", "/")) == newest[:30]
    assert (
        told(client.get("/collections/selected-articles/clip/").content.decode()) == (selected[:10])
    )
    assert told(client.get("/tweets/").content.decode()) == decided("1")
    assert told(client.get("/starred/").content.decode()) == list(reversed(STARRED))
    assert client.get("/in-the-next-digest/").status_code == 404


def check_newsroom(client):
    post = Post.objects.get()
    assert (post.status, post.source_url) == ("draft", f"https://outlet0.example/{POST}")
    rule = Rule.objects.get()
    assert (rule.action, rule.words) == ("drop", "gossip")
    assert Headline.objects.filter(hidden_by=rule).count() == len(MUTED)
    undone = Decision.objects.filter(undone_at__isnull=False).exclude(kind="undo")
    assert undone.count() == 10
    assert client.get(reverse("admin:aggregator_headline_changelist")).status_code == 200


def check_edition(edition, client):
    collect(edition.pk, now=timezone.now())
    mailed = client.get(reverse("admin:newsletter_edition_mail", args=[edition.pk])).content
    # Beside a headline stand the other outlets of its event, which were decided along with it.
    besides = [STORY[1], MERGED[0]]
    assert sorted(told(mailed.decode())) == sorted([*decided("sbd"), *besides])
