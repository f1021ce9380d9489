"""An article's other outlets stand in the mail and its page, and keep up until it is frozen."""

import pytest
from django.utils import timezone

from aggregator.models import PreferredOutlet, Story, StoryMember
from blog.models import SiteSettings
from newsletter.editions.collecting import collect
from newsletter.editions.rendering import render
from newsletter.models import Edition
from tests.factories import make_collection, make_digest, make_headline
from tests.newsletter.editions.test_collecting import DUE, NOW, START, make_open, new_pick

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    collection = make_collection(title="Selected Articles")
    digest = make_digest(title="The daily review")
    digest.collections.add(collection)
    edition = make_open(digest)
    story = Story.objects.create(first_seen_at=START, last_seen_at=START)
    outlets = ["own.example", "a.example", "bbc.com"]
    told = [make_headline(outlet=one, url=f"https://{one}/1?x=1&y=<2>") for one in outlets]
    for headline in told:
        StoryMember.objects.create(headline=headline, story=story, joined_at=START)
    new_pick(collection, headline=told[0])
    PreferredOutlet.objects.create(outlet="bbc.com")
    return edition


def test_mail_names_them_in_the_order_of_preference(edition):
    collect(edition.pk, now=DUE)
    edition = Edition.objects.select_related("digest").get(pk=edition.pk)
    items = list(edition.items.all())
    mail = render(edition, items, language="en", site=SiteSettings.load(), mark="m" * 32)
    assert 'href="https://bbc.com/1?x=1&amp;y=' in mail.html
    assert mail.html.index("https://bbc.com/1") < mail.html.index("https://a.example/1")
    assert "\nalso: bbc.com, a.example\n" in mail.text


def test_open_edition_follows_the_story_and_a_frozen_one_does_not(edition):
    collect(edition.pk, now=NOW)
    assert [outlet for outlet, _ in edition.items.get().also_at] == ["bbc.com", "a.example"]
    StoryMember.objects.filter(headline__outlet="a.example").delete()
    assert collect(edition.pk, now=NOW)
    assert [outlet for outlet, _ in edition.items.get().also_at] == ["bbc.com"]
    assert not collect(edition.pk, now=NOW)
    Edition.objects.filter(pk=edition.pk).update(state="sent", frozen_at=timezone.now())
    StoryMember.objects.filter(headline__outlet="bbc.com").delete()
    assert not collect(edition.pk, now=NOW)
    assert len(edition.items.get().also_at) == 1


def test_page_of_the_edition_names_them(client, edition):
    collect(edition.pk, now=NOW)
    Edition.objects.filter(pk=edition.pk).update(state="sent", frozen_at=NOW, number=1)
    page = client.get(Edition.objects.get(pk=edition.pk).get_absolute_url()).text
    assert '>bbc.com</a>, <a href="https://a.example/1' in page
