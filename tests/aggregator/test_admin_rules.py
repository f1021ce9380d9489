"""Rules in the newsroom."""

import pytest
from django.urls import reverse
from django.utils import timezone

from aggregator.models import Headline, Rule
from tests.factories import make_collection, make_editor, make_feed, make_headline, make_user

pytestmark = pytest.mark.django_db
ADD = reverse("admin:aggregator_rule_add")
TRY = reverse("admin:aggregator_rule_try")


@pytest.fixture
def editor(client):
    editor = make_editor()
    client.force_login(editor)
    return editor


def form(**fields):
    return {"name": "R", "action": "drop", "is_active": "on", "position": 0} | fields


def test_a_rule_is_made_with_its_feeds(client, editor):
    feed = make_feed()
    client.post(ADD, form(words="spam", feeds=[feed.pk]))
    rule = Rule.objects.get()
    assert (rule.words, list(rule.feeds.all())) == ("spam", [feed])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"pattern": "("}, "This is no regular expression"),
        ({"action": "tag"}, "Which tag?"),
        ({"action": "pick"}, "Into which collection?"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(client, editor, fields, words):
    for address in (ADD, TRY):
        response = client.post(address, form(**fields))
        assert response.status_code == 200
        assert words in response.text
    assert Rule.objects.count() == 0


def test_trying_shows_what_would_have_happened_and_changes_nothing(client, editor):
    for title in ("Spam <b>", "News"):
        make_headline(title=title, first_seen_at=timezone.now())
    text = client.post(TRY, form(words="spam")).text
    assert "<strong>1</strong> of the 2 newest headlines" in text
    assert "Spam &lt;b&gt;" in text
    assert "News</td>" not in text
    assert Rule.objects.count() == 0
    assert Headline.objects.filter(is_hidden=True).count() == 0


def test_trying_a_stored_rule_does_not_store_what_is_typed(client, editor):
    rule = Rule.objects.create(name="R", words="old")
    again = reverse("admin:aggregator_rule_try_again", args=[rule.pk])
    page = reverse("admin:aggregator_rule_change", args=[rule.pk])
    assert again in client.get(page).text
    assert client.post(again, form(words="new")).status_code == 200
    rule.refresh_from_db()
    assert rule.words == "old"


def test_trying_needs_a_post_and_the_right_to_change_rules(client, editor):
    assert client.get(TRY).status_code == 405
    client.force_login(make_user(is_staff=True))
    assert client.post(TRY, form()).status_code == 403


def test_a_rule_that_is_switched_on_again_forgets_its_trouble(client, editor):
    rule = Rule.objects.create(name="R", is_active=False, trouble="Too slow.")
    page = reverse("admin:aggregator_rule_change", args=[rule.pk])
    assert "Too slow." in client.get(page).text
    client.post(page, form(pattern="simple"))
    rule.refresh_from_db()
    assert (rule.is_active, rule.trouble) == (True, "")


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_queries_at_any_length(
    client, editor, rows, django_assert_num_queries
):
    for number in range(rows):
        Rule.objects.create(name=f"R{number}", words="w", collection=make_collection())
    address = reverse("admin:aggregator_rule_changelist")
    client.get(address)
    with django_assert_num_queries(6):
        response = client.get(address)
    assert "words: w" in response.text
