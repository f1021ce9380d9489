"""Stories taken apart and put together by an editor in a browser."""

import pytest
from django.urls import reverse

from aggregator.models import StoryMember
from tests.aggregator.stories.telling import MARKET, OTHER, groups, tell
from tests.aggregator.stories.test_admin import make_story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def page_of(name, row):
    return reverse(f"admin:aggregator_{name}_change", args=[row.pk])


def test_story_is_taken_apart_and_put_together_again(open_as_editor):
    rows = [tell(title) for title in MARKET[:3]]
    story = make_story(*rows)
    page = open_as_editor(page_of("story", story))
    page.get_by_label(f"Take out “{MARKET[2]}”").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Take the chosen ones out").click()
    assert page.get_by_text("1 headline taken out of the story.").is_visible()
    assert groups() == [sorted(MARKET[:2]), [MARKET[2]]]

    page.goto(page.url.replace(page_of("story", story), page_of("headline", rows[2])))
    # One question at a time: a further key takes back what was asked for the one before.
    with page.expect_response(lambda answer: "/autocomplete/" in answer.url):
        page.locator(".together .select2-selection").click()
    with page.expect_response(lambda answer: "term=Russian" in answer.url):
        page.locator(".select2-search__field").fill("Russian missile")
    page.get_by_role("option", name=MARKET[0]).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Belongs together").click()
    assert page.get_by_text(f"Put together with “{MARKET[0]}”.").is_visible()
    assert groups() == [sorted(MARKET[:3])]
    assert page.complaints == []


def test_headline_leaves_its_story_by_one_button(open_as_editor):
    one, other = tell(MARKET[0]), tell(OTHER)
    make_story(one, other)
    page = open_as_editor(page_of("headline", other), width=360, height=800)
    with page.expect_navigation():
        page.get_by_role("button", name="Not this story").click()
    assert StoryMember.objects.get(headline=other).is_pinned
    assert groups() == [[MARKET[0]], [OTHER]]
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_without_scripts_two_are_put_together_by_an_address(open_as_editor):
    one, other = tell(MARKET[0]), tell(MARKET[1])
    page = open_as_editor(page_of("headline", one), java_script_enabled=False)
    page.get_by_label("or its address").fill(other.url)
    page.get_by_role("button", name="Belongs together").click()
    assert page.get_by_text("Put together with").is_visible()
    assert groups() == [sorted(MARKET[:2])]
