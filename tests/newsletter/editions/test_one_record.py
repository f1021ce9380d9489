"""A digest follows the picks: what is for mail only, their order and words, what is taken back."""

import re
from datetime import timedelta

import pytest

from aggregator import arranging
from aggregator.collecting import withdraw
from blog.models import SiteSettings
from newsletter.editions.matching import Reader, items_for
from newsletter.editions.rendering import render
from newsletter.models import Edition, EditionItem
from tests.factories import make_collection, make_digest, make_headline
from tests.newsletter.editions.test_collecting import (
    HOUR,
    NOW,
    START,
    State,
    collected,
    make_open,
    new_pick,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def chosen():
    """A public collection of the digest."""
    return make_collection(title="Selected", position=1)


@pytest.fixture
def mail_only():
    """What the key d puts into the next digest."""
    fields = {"title": "In the next digest", "slug": "next", "desk_key": "d"}
    return make_collection(**fields, is_public=False, position=2)


@pytest.fixture
def edition(chosen, mail_only):
    """The next edition of a digest of both; one was sent before."""
    digest = make_digest()
    digest.collections.add(chosen, mail_only)
    return make_open(digest)


def note_mailed(pick):
    key = f"article:{pick.article_key}" if pick.article_key else f"headline:{pick.headline_id}"
    EditionItem.objects.create(
        edition=Edition.objects.get(state=State.SENT),
        kind="pick",
        key=key,
        title="As mailed",
        at=START,
        url="/",
    )


def test_what_is_for_mail_only_reaches_readers_of_any_topic(edition, chosen, mail_only):
    new_pick(chosen, "Chosen")
    new_pick(mail_only, "For all")
    other = make_collection()
    assert collected(edition) == ["Chosen", "For all"]
    items = list(edition.items.all())
    for topics, expected in (
        ((), ["Chosen", "For all"]),
        ({chosen.pk}, ["Chosen", "For all"]),
        ({other.pk}, ["For all"]),
    ):
        found = items_for(Reader(collections=topics), items)
        assert [item.title for item in found] == expected


def test_an_article_of_both_reaches_everybody_once(edition, chosen, mail_only):
    headline = make_headline(title="Both")
    new_pick(chosen, headline=headline)
    new_pick(mail_only, headline=headline)
    assert collected(edition) == ["Both"]
    other = make_collection()
    found = items_for(Reader(collections={other.pk}), list(edition.items.all()))
    assert [item.title for item in found] == ["Both"]


def test_what_is_for_mail_only_stands_under_a_heading_for_readers(edition, mail_only):
    new_pick(mail_only, headline=make_headline(title="For all", url=""))
    collected(edition)
    mail = render(
        edition, list(edition.items.all()), language="uk", site=SiteSettings.load(), mark="m"
    )
    assert "In the next digest" not in mail.text + mail.html
    assert "/next/" not in mail.text + mail.html
    assert "For all" in mail.html


def test_pinned_and_moved_picks_stand_in_the_mail_as_on_the_site(edition, chosen):
    picks = {title: new_pick(chosen, title, START + n * HOUR) for n, title in enumerate("abc", 1)}
    arranging.move(picks["a"], before=picks["c"].pk, now=NOW)
    arranging.pin(picks["b"], until=NOW + HOUR, now=NOW)
    assert collected(edition) == ["b", "a", "c"]


def test_a_collection_gives_no_more_than_it_may(edition, chosen, mail_only):
    chosen.mail_count = 2
    chosen.save()
    for hours, title in enumerate("abc", 1):
        new_pick(chosen, title, START + hours * HOUR)
        new_pick(mail_only, title * 2, START + hours * HOUR)
    assert collected(edition) == ["c", "b", "cc", "bb", "aa"]


def test_languages_of_words_and_the_label_are_in_the_mail(edition, chosen):
    SiteSettings.objects.create(language="uk")
    headline = make_headline(title="Theirs", language="ru")
    new_pick(
        chosen,
        headline=headline,
        is_breaking=True,
        note="Ours",
        translated_title="Переклад",
        translated_language="uk",
    )
    collected(edition)
    mail = render(
        edition, list(edition.items.all()), language="en", site=SiteSettings.load(), mark="m"
    )
    assert re.search(r'<a [^>]*lang="ru"[^>]*>Theirs</a>', mail.html)
    assert re.search(r'<p [^>]*lang="uk"[^>]*>Переклад</p>', mail.html)
    assert "Breaking</span>" in mail.html
    assert "[BREAKING] Theirs" in mail.text


@pytest.mark.parametrize("where", ["chosen", "mail_only"])
@pytest.mark.parametrize("article_key", [True, False])
def test_a_withdrawal_is_noted_and_undone_again(request, edition, where, article_key):
    headline = make_headline(**({} if article_key else {"url": "", "canonical_url": ""}))
    pick = new_pick(request.getfixturevalue(where), at=START - HOUR, headline=headline)
    assert bool(pick.article_key) == article_key
    note_mailed(pick)
    assert collected(edition) == []
    withdraw(pick, now=START + HOUR)
    assert collected(edition) == ["As mailed"]
    assert edition.items.get().key.startswith("withdrawn:")
    arranging.put_back(pick)
    assert collected(edition) == []


def test_what_still_stands_in_another_collection_is_not_taken_back(edition, chosen, mail_only):
    for fields in ({}, {"url": "", "canonical_url": ""}):
        headline = make_headline(**fields)
        pick = new_pick(chosen, at=START - HOUR, headline=headline)
        new_pick(mail_only, at=START - HOUR, headline=headline)
        note_mailed(pick)
        withdraw(pick, now=START + HOUR)
    assert collected(edition) == []


def test_an_unmailed_withdrawal_is_not_noted(edition, mail_only):
    pick = new_pick(mail_only, at=START - timedelta(days=9))
    withdraw(pick, now=START + HOUR)
    assert collected(edition) == []
