"""Stories in the newsroom."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from aggregator.models import PreferredOutlet, Story, StoryMember
from blog.models import AuditEntry
from tests.aggregator.stories.telling import MARKET, NOW, OTHER, groups, tell
from tests.factories import make_editor, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = make_editor()
    client.force_login(editor)
    return editor


def make_story(*headlines, **fields):
    fields = {"first_seen_at": NOW, "last_seen_at": NOW, "count": len(headlines)} | fields
    story = Story.objects.create(lead=headlines[0], **fields)
    for at, headline in enumerate(headlines):
        StoryMember.objects.create(
            headline=headline,
            story=story,
            reason="words" if at else "first",
            words="missile, Kharkiv" if at else "",
            agrees_with=headlines[0] if at else None,
            joined_at=NOW,
        )
    return story


def url(name, *args):
    return reverse(f"admin:aggregator_{name}", args=args)


def audited():
    deeds = AuditEntry.objects.exclude(words="").order_by("pk")
    return list(deeds.values_list("object_name", "words"))


def said(response):
    return [str(message) for message in response.context["messages"]][-1:]


def test_the_list_shows_outlets_and_reasons(client, editor):
    story = make_story(
        tell(MARKET[0], outlet="bbc.example"), tell(MARKET[1], outlet="kyiv.example")
    )
    page = client.get(url("story_changelist")).content.decode()
    assert MARKET[0] in page
    assert "bbc.example, kyiv.example" in page
    assert "the same words" in page
    assert url("story_change", story.pk) in page


def test_stories_are_found_by_the_words_of_any_headline(client, editor):
    make_story(tell(MARKET[0]), tell(OTHER))
    make_story(tell("Something else"), tell("And another"))
    found = client.get(url("story_changelist"), {"q": "bosch"}).context["cl"].result_list
    assert [str(story) for story in found] == [MARKET[0]]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_at_any_length(rows, client, editor, django_assert_num_queries):
    for _ in range(rows):
        make_story(tell(MARKET[0]), tell(MARKET[1]))
    client.get(url("story_changelist"))
    with django_assert_num_queries(6):
        client.get(url("story_changelist"))


def test_a_headline_shows_its_story_with_reasons(client, editor):
    one, other = tell(MARKET[0], outlet="bbc.example"), tell(MARKET[1])
    make_story(one, other)
    page = client.get(url("headline_change", other.pk)).content.decode()
    assert "agrees in: missile, Kharkiv" in page
    assert "Not this story" in page
    assert url("headline_change", one.pk) in page
    alone = client.get(url("headline_change", tell(OTHER).pk)).content.decode()
    assert "Nobody else has told of this yet." in alone
    assert "Not this story" not in alone


def test_a_headline_is_taken_out_of_its_story(client, editor):
    one, other = tell(MARKET[0]), tell(MARKET[1])
    make_story(one, other)
    client.post(url("headline_split", other.pk))
    assert groups() == [[MARKET[0]], [MARKET[1]]]
    assert audited() == [(MARKET[1], f"Taken out of the story “{MARKET[0]}”.")]
    again = client.post(url("headline_split", other.pk), follow=True)
    assert said(again) == ["It stands in no story with others."]
    assert len(audited()) == 1


def test_two_headlines_are_put_together(client, editor):
    one, other = tell(MARKET[0]), tell(OTHER)
    client.post(url("headline_merge", one.pk), {"belongs_with": other.pk})
    assert groups() == [sorted([MARKET[0], OTHER])]
    assert audited() == [(MARKET[0], f"Put together with “{OTHER}”.")]
    assert StoryMember.objects.get(headline=one).decided_by == editor
    again = client.post(url("headline_merge", one.pk), {"belongs_with": other.pk}, follow=True)
    assert said(again) == ["They are together already."]


@pytest.mark.parametrize(
    "typed",
    [
        "{pk}",
        "#{pk}",
        "https://us.example/admin/aggregator/headline/{pk}/change/",
        "{url}?utm_id=1",
    ],
)
def test_without_scripts_an_address_puts_two_together(typed, client, editor):
    one, other = tell(MARKET[0]), tell(OTHER)
    page = client.get(url("headline_change", one.pk)).content.decode()
    assert '<noscript><p class="together"><label for="id_belongs_with_address">' in page
    address = typed.format(pk=other.pk, url=other.url)
    client.post(url("headline_merge", one.pk), {"belongs_with_address": address})
    assert groups() == [sorted([MARKET[0], OTHER])]


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "https://nobody.example/1", "9" * 30])
def test_an_address_that_nobody_knows_puts_nothing_together(typed, client, editor):
    one = tell(OTHER)
    answer = client.post(
        url("headline_merge", one.pk), {"belongs_with_address": typed}, follow=True
    )
    assert said(answer) == ["Choose the headline with which it belongs together."]


def test_who_may_only_look_sees_no_buttons(client):
    one, other = tell(MARKET[0]), tell(MARKET[1])
    story = make_story(one, other)
    looker = make_user(is_staff=True)
    rights = Permission.objects.filter(codename__in=["view_headline", "view_story"])
    looker.user_permissions.add(*rights)
    client.force_login(looker)
    for path in (url("headline_change", one.pk), url("story_change", story.pk)):
        page = client.get(path).content.decode()
        assert MARKET[1].replace("'", "&#x27;") in page
        for button in ("Not this story", "Belongs together", "Take the chosen", 'name="headline"'):
            assert button not in page
    client.force_login(make_editor())
    assert "Not this story" in client.get(url("headline_change", one.pk)).content.decode()
    assert "Take the chosen" in client.get(url("story_change", story.pk)).content.decode()


@pytest.mark.parametrize("chosen", ["", "0", "x", "²"])
def test_what_is_no_headline_is_not_put_together(chosen, client, editor):
    answer = client.post(
        url("headline_merge", tell(OTHER).pk), {"belongs_with": chosen}, follow=True
    )
    assert said(answer) == ["Choose the headline with which it belongs together."]
    assert not Story.objects.exists()


def test_chosen_headlines_go_out_together(client, editor):
    rows = [tell(title) for title in MARKET]
    story = make_story(*rows)
    page = client.get(url("story_change", story.pk)).content.decode()
    assert all(title.replace("'", "&#x27;") in page for title in MARKET)
    client.post(url("story_split", story.pk), {"headline": [rows[2].pk, rows[3].pk]})
    assert groups() == [sorted(MARKET[:2]), sorted(MARKET[2:])]
    assert audited() == [(MARKET[0], "2 headlines taken out of the story, together.")]
    none = client.post(url("story_split", story.pk), {"headline": ["x", "²"]}, follow=True)
    assert said(none) == ["Choose some of the headlines, and not all."]


def test_titles_from_outside_are_plain_text(client, editor):
    one, other = tell("<script>alert(1)</script> & more"), tell("<b>Bold</b>")
    story = make_story(one, other)
    for path in (url("story_change", story.pk), url("headline_change", other.pk)):
        page = client.get(path).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;" in page


def test_outlets_are_preferred_in_an_order(client, editor):
    for outlet in ("kyivpost.com", "bbc.com"):
        client.post(url("preferredoutlet_add"), {"outlet": outlet})
    last = PreferredOutlet.objects.get(outlet="bbc.com")
    client.post(url("preferredoutlet_shift", last.pk, "up"))
    assert list(PreferredOutlet.objects.values_list("outlet", flat=True)) == [
        "bbc.com",
        "kyivpost.com",
    ]
