"""The picks of a collection ordered in a browser: by dragging, by keys, without scripts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aggregator.listing import first_picks
from aggregator.models import Pick
from tests.factories import LONG_AGO, make_collection, make_headline, make_pick

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def collection():
    """Picks named Alpha to Delta, the newest first."""
    collection = make_collection(title="Selected Articles", home_count=4)
    for hours, title in enumerate(("Alpha", "Bravo", "Charlie", "Delta")):
        headline = make_headline(title=title)
        at = LONG_AGO - timedelta(hours=hours)
        make_pick(collection=collection, headline=headline, placed_at=at)
    return collection


def order_page(collection):
    return reverse("admin:aggregator_collection_order", args=[collection.pk])


def order_of(collection):
    picks = first_picks({collection.pk: 9}, now=LONG_AGO + timedelta(days=1))
    return [pick.shown_title for pick in picks]


def said(page, words):
    page.locator("#order-said", has_text=words).wait_for()


def row(page, title):
    return page.locator(".order-row", has_text=title)


def test_dragging_a_row_puts_it_where_it_is_let_go(open_as_editor, collection):
    page = open_as_editor(order_page(collection))
    handle, goal = row(page, "Delta").locator(".order-handle"), row(page, "Bravo")
    start, end = handle.bounding_box(), goal.bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, end["y"] + 60, steps=6)
    page.mouse.move(start["x"] + 8, end["y"] + 4, steps=6)
    page.mouse.up()
    said(page, "Moved: Delta")
    assert order_of(collection) == ["Alpha", "Delta", "Bravo", "Charlie"]
    assert page.locator(".order-title").all_inner_texts() == order_of(collection)
    assert page.complaints == []


def test_keys_move_the_chosen_row_again_and_again(open_as_editor, collection):
    page = open_as_editor(order_page(collection))
    row(page, "Charlie").focus()
    page.keyboard.press("Alt+ArrowUp")
    said(page, "Moved up: Charlie")
    page.keyboard.press("Alt+ArrowUp")
    page.locator(".order-row").first.filter(has_text="Charlie").wait_for()
    assert order_of(collection) == ["Charlie", "Alpha", "Bravo", "Delta"]
    page.keyboard.press("Alt+ArrowDown")
    said(page, "Moved down: Charlie")
    assert order_of(collection) == ["Alpha", "Charlie", "Bravo", "Delta"]
    assert page.complaints == []


def test_words_somebody_is_writing_outlive_what_is_done_beside_them(open_as_editor, collection):
    page = open_as_editor(order_page(collection))
    bravo = row(page, "Bravo")
    bravo.locator("summary").click()
    bravo.get_by_label("rewritten title", exact=False).fill("Bravo, in our words")
    row(page, "Alpha").get_by_role("button", name="Pin “Alpha” to the top").click()
    said(page, "Pinned: Alpha")
    bravo.get_by_role("button", name="Save the words").click()
    said(page, "Words changed")
    assert Pick.objects.get(headline__title="Bravo").title == "Bravo, in our words"
    row(page, "Alpha").get_by_role("button", name="Withdraw “Alpha”").click()
    said(page, "Withdrawn: Alpha")
    assert order_of(collection) == ["Bravo, in our words", "Charlie", "Delta"]
    page.get_by_role("button", name="Put “Alpha” back").click()
    said(page, "Put back: Alpha")
    assert order_of(collection)[0] == "Alpha"


def test_a_lost_connection_says_so(open_as_editor, collection):
    page = open_as_editor(order_page(collection))
    page.context.set_offline(True)
    row(page, "Alpha").get_by_role("button", name="Move “Alpha” down").click()
    said(page, "The site does not answer.")
    page.context.set_offline(False)
    row(page, "Alpha").get_by_role("button", name="Move “Alpha” down").click()
    said(page, "Moved down: Alpha")
    assert order_of(collection)[:2] == ["Bravo", "Alpha"]


@pytest.mark.parametrize("width", [360, 1280])
def test_buttons_do_it_without_scripts_on_any_screen(open_as_editor, collection, width):
    page = open_as_editor(order_page(collection), java_script_enabled=False, width=width)
    assert not page.locator(".order-handle").first.is_visible()
    page.get_by_role("button", name="Move “Delta” to the top").click()
    assert order_of(collection)[0] == "Delta"
    row(page, "Alpha").get_by_role("button", name="Pin “Alpha” to the top").click()
    assert order_of(collection)[:2] == ["Alpha", "Delta"]
    assert page.url.endswith(f"#pick-{Pick.objects.get(headline__title='Alpha').pk}")
