"""How the Desk is worked: by keys of any layout, by touch, by forms; how fast it answers."""

import statistics

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from aggregator.models import Decision, Headline, Pick
from tests.aggregator.desk.desking import tell_together
from tests.browser.desk import DESK, arrive, current, press, row, until_sent, wait_at_the_desk
from tests.browser.test_pages import RULES
from tests.factories import make_category, make_collection

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIMIT_MS = 100
MEASURE = """
window.times = [];
addEventListener("keydown", (event) => {
  const row = document.querySelector(".desk-row.is-current");
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - event.timeStamp)));
  }).observe(row, { attributeFilter: ["data-pending"] });
}, true);
"""
# What a Russian layout sends for the keys that bear these letters in a Latin one.
CYRILLIC = {"j": ("о", "KeyJ"), "k": ("л", "KeyK"), "s": ("ы", "KeyS"), "x": ("ч", "KeyX")}


@pytest.fixture
def filled(transactional_db):
    """Sixty headlines, the third and the fourth of one story; a collection to pick into."""
    make_collection(title="Selected Articles")
    made = wait_at_the_desk(60, feeds=3)
    tell_together(made[2], made[3])
    return made


def decided():
    return list(Decision.objects.order_by("pk").values_list("kind", flat=True))


def test_mark_shows_within_a_tenth_of_a_second(open_as_editor, filled):
    page = open_as_editor(DESK)
    page.evaluate(MEASURE)
    for number in range(40):
        press(page, "x")
        page.wait_for_function("count => times.length === count", arg=number + 1)
    until_sent(page)
    times = page.evaluate("times")
    median = statistics.median(times)
    print(f"From key to mark: median {median:.0f} ms, longest {max(times):.0f} ms of {len(times)}")
    assert median < LIMIT_MS
    assert decided() == ["drop"] * 40


def test_marks_do_not_wait_for_the_site(open_as_editor, filled):
    page = open_as_editor(DESK)
    held, is_slow = [], True

    def hold(route):
        if is_slow:
            held.append(route)
        else:
            route.continue_()

    page.route("**/desk/decide/", hold)
    with page.expect_request("**/desk/decide/"):
        press(page, "x", "s", "x")
    notes = page.locator(".desk-row[data-pending=goes] .desk-note")
    expect(notes).to_have_text(["dropped", "picked into Selected Articles", "dropped"])
    assert len(held) == 1
    is_slow = False
    held[0].continue_()
    until_sent(page)
    assert decided() == ["drop", "pick", "drop"]


def test_draft_is_led_to_from_its_row_and_after_a_reload(open_as_editor, filled):
    make_category()
    page = open_as_editor(DESK)
    press(page, "p")
    until_sent(page)
    expect(row(page, 0).get_by_role("link", name="Open the draft")).to_be_visible()
    page.reload()
    expect(row(page, 0)).to_have_count(0)
    begun = page.locator(".desk-drafts").get_by_role("link", name="Headline 0")
    with page.expect_popup() as opened:
        begun.click()
    expect(opened.value.locator("#id_title")).to_have_value("Headline 0")
    press(page, "u")
    until_sent(page)
    expect(page.locator(".desk-drafts")).to_be_hidden()
    assert page.complaints == []


def test_outlets_are_shown_when_they_are_looked_at(open_as_editor, filled):
    page = open_as_editor(DESK)
    fold = page.locator("#desk-balance")
    fold.locator("summary").click()
    expect(fold.get_by_text("Nothing yet.")).to_be_visible()
    page.locator(".desk-row").first.click()
    press(page, "s")
    expect(fold.get_by_text("outlet0.example 100 %")).to_have_count(2)
    page.reload()
    expect(fold.get_by_text("outlet0.example 100 %")).to_have_count(2)
    press(page, "u")
    expect(fold.get_by_text("Nothing yet.")).to_be_visible()
    assert page.complaints == []


def test_outlets_are_a_page_without_scripts(open_as_editor, filled):
    page = open_as_editor(DESK, java_script_enabled=False)
    page.get_by_text("Outlets of the usual collection").click()
    page.get_by_role("link", name="Show them").click()
    expect(page.get_by_text("Selected Articles")).to_be_visible()


def test_chosen_row_and_view_show_in_forced_colours_and_nothing_moves(open_as_editor, filled):
    page = open_as_editor(DESK, forced_colors="active", reduced_motion="reduce")
    chosen, other = page.locator(".desk-row.is-current"), page.locator(".desk-row").nth(5)

    def style(row, name):
        return row.evaluate(f"one => getComputedStyle(one).{name}")

    edges = [style(row, "borderInlineStartColor") for row in (chosen, other)]
    assert edges[0] != edges[1] == style(page.locator("body"), "backgroundColor")
    assert (style(chosen, "outlineStyle"), style(other, "outlineStyle")) == ("solid", "none")
    view = page.locator(".desk-views [aria-current]")
    assert style(view, "outlineStyle") == "solid"
    assert style(chosen, "transitionDuration") == "0s"


def test_keys_work_in_a_cyrillic_layout(open_as_editor, filled):
    page = open_as_editor(DESK)
    for key in "jjkxs":
        letter, code = CYRILLIC[key]
        page.evaluate(
            "init => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', init))",
            {"key": letter, "code": code, "bubbles": True, "cancelable": True},
        )
    until_sent(page)
    assert decided() == ["drop", "pick"]
    assert Pick.objects.get().headline.title == "Headline 2"


def test_keys_rest_while_one_types_and_with_modifiers(open_as_editor, filled):
    page = open_as_editor(DESK)
    press(page, "Control+x", "Alt+x", "Meta+x")
    press(page, "/")
    page.keyboard.type("xsu")
    assert page.evaluate("document.activeElement.value") == "xsu"
    press(page, "Escape", "e")
    page.keyboard.type("sx?")
    assert page.evaluate("document.activeElement.name") == "title"
    press(page, "Escape")
    assert page.evaluate("document.activeElement.className") == "desk-row is-current"
    press(page, "?")
    expect(page.locator("#keys")).to_be_visible()
    press(page, "x", "Escape")
    press(page, "n")
    assert page.url.endswith(DESK)
    assert decided() == []
    assert page.complaints == []


def test_keys_are_switched_off_for_the_desk_too(open_as_editor, filled):
    page = open_as_editor(DESK)
    page.get_by_role("button", name="Keys").first.click()
    page.get_by_label("Use single keys in this browser").uncheck()
    page.get_by_role("button", name="Close").click()
    press(page, "x", "j")
    assert current(page) == "Headline 0"
    page.get_by_role("button", name="Drop").first.click()
    until_sent(page)
    assert decided() == ["drop"]


def test_own_words_are_written_in_place_and_go_along(open_as_editor, filled):
    page = open_as_editor(DESK)
    press(page, "e")
    page.keyboard.type("Our own title")
    press(page, "Enter")
    expect(row(page, 0).locator(".desk-own")).to_have_text("Our own title")
    assert current(page) == "Headline 0"
    press(page, "s")
    until_sent(page)
    assert decided() == ["words", "pick"]
    assert Pick.objects.get().title == "Our own title"


def test_cursor_and_tab_stay_together(open_as_editor, filled):
    page = open_as_editor(DESK)
    press(page, "j", "ArrowDown", "k", "Tab", "Tab")
    assert current(page) == "Headline 1"
    assert page.evaluate("document.activeElement.closest('.desk-row').id") == row(
        page, 1
    ).get_attribute("id")
    tabbable = page.locator(".desk-row[tabindex='0']")
    assert tabbable.count() == 1
    press(page, *"j" * 52)
    # Further rows follow the first fifty; one row stands for the two of the story.
    arrive(page, 54)


def test_others_are_told_in_words(open_as_editor, filled):
    page = open_as_editor(DESK)
    press(page, "x")
    expect(page.locator("#desk-spoken")).to_contain_text("dropped")
    press(page, "k", "k")
    expect(page.locator("#desk-spoken")).to_contain_text("This is the first one.")


def test_main_buttons_are_under_the_thumb(open_as_editor, filled):
    page = open_as_editor(DESK, width=360, height=740, has_touch=True, is_mobile=True)
    thumb = page.get_by_role("toolbar")
    boxes = [button.bounding_box() for button in thumb.get_by_role("button").all()]
    assert min(box["height"] for box in boxes) >= 44
    assert min(box["width"] for box in boxes) >= 44
    assert min(box["y"] for box in boxes) > 740 * 0.8
    row(page, 1).locator(".desk-summary").tap()
    thumb.get_by_role("button", name="Pick").tap()
    thumb.get_by_role("button", name="Drop").tap()
    until_sent(page)
    assert decided() == ["pick", "drop"]
    assert Pick.objects.get().headline.title == "Headline 1"
    thumb.get_by_role("button", name="Undo").tap()
    until_sent(page)
    assert Headline.objects.get(title="Headline 2").seen_at is None


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 360)])
def test_desk_is_accessible_and_fits(open_as_editor, filled, scheme, width):
    page = open_as_editor(DESK, color_scheme=scheme, width=width)
    press(page, "x", "s", "j", "e")
    until_sent(page)
    found = []
    for _ in range(2):  # the rows, then the dialog of the keys
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [(one["id"], node["html"]) for one in violations for node in one["nodes"]]
        press(page, "Escape", "?")
    assert found == []
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    assert page.complaints == []


def test_targets_are_large_enough(open_as_editor, filled):
    page = open_as_editor(DESK)
    press(page, "e")
    small = page.evaluate(
        """() => [...document.querySelectorAll("#desk button, #desk summary, #desk select")]
          .filter((one) => one.checkVisibility({ visibilityProperty: true }))
          .filter((one) => Math.min(one.offsetWidth, one.offsetHeight) < 24)
          .map((one) => one.outerHTML)"""
    )
    assert small == []


def test_desk_works_without_scripts(open_as_editor, filled):
    page = open_as_editor(DESK, java_script_enabled=False)
    row(page, 0).get_by_role("button", name="Pick").first.click()
    row(page, 1).get_by_role("button", name="Drop").click()
    assert row(page, 0).count() == row(page, 1).count() == 0
    first = row(page, 2)
    first.locator("summary", has_text="More").click()
    first.get_by_label("Own title").fill("Our own title")
    first.get_by_role("button", name="Keep these words").first.click()
    expect(row(page, 2).locator(".desk-own")).to_have_text("Our own title")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    assert row(page, 1).count() == 1
    page.get_by_role("link", name="Older").click()
    assert row(page, 55).count() == 1
    assert page.url.endswith(f"{reverse('admin:desk')}?after={page.url.partition('after=')[2]}")
    assert Pick.objects.get().headline.title == "Headline 0"
