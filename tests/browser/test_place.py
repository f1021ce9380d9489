"""The newsroom as a place, in an editor's browser: front page, keys, search, calendar, lists."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from aggregator.models import Feed
from blog import versions
from blog.models import NavLink, Post, SiteSettings
from tests.browser.test_pages import RULES
from tests.factories import make_category, make_feed, make_headline, make_post, make_subscriber

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DJANGOS_OWN = [["#changelist-filter"], [".select2"]]
PAGES = {
    "index": reverse("admin:index"),
    "month": reverse("admin:calendar"),
    "week": f"{reverse('admin:calendar')}?week={timezone.localdate():%Y-%m-%d}",
    "search": f"{reverse('admin:search')}?q=bridge",
    "posts": reverse("admin:blog_post_changelist"),
    "links": reverse("admin:blog_navlink_changelist"),
    "settings": "/admin/blog/sitesettings/1/change/",
    "redirect": reverse("admin:redirects_redirect_add"),
}


@pytest.fixture
def filled(transactional_db):
    """Something of everything; one post is scheduled for noon, two days from now."""
    SiteSettings.objects.create(title="The News And Times Review")
    category = make_category(name="Review")
    now = timezone.now()
    noon = (now + timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)
    later = make_post(title="A bridge to come", published_at=noon, category=category)
    versions.keep(later, by=None, now=now)
    make_post(title="A bridge that stands", published_at=now, category=category)
    waiting = {"status": Post.Status.REVIEW, "published_at": None}
    make_post(title="To review", review_note="Check the date.", category=category, **waiting)
    draft = {"status": Post.Status.DRAFT, "published_at": None}
    make_post(title="Мій міст", language="uk", category=category, **draft)
    make_headline(title="The old bridge", feed=make_feed(health=Feed.Health.FAILING))
    make_subscriber(confirmed_at=now)
    for label in ("About", "Feed"):
        NavLink.objects.create(label=label, target="/feed/")
    return later


@pytest.mark.long
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 360)])
def test_pages_are_accessible_and_fit(open_as_editor, filled, scheme, width):
    found, widths, complaints = {}, {}, {}
    page = open_as_editor("/healthz", color_scheme=scheme, width=width)
    for name, path in PAGES.items():
        page.turn_to(path)
        context = {"exclude": DJANGOS_OWN}
        violations = Axe().run(page, context=context, options=RULES).response["violations"]
        found[name] = [(one["id"], node["html"]) for one in violations for node in one["nodes"]]
        widths[name] = page.evaluate("document.scrollingElement.scrollWidth")
        complaints[name] = [*page.complaints]
    assert found == {name: [] for name in PAGES}
    assert widths == dict.fromkeys(PAGES, width)
    assert complaints == {name: [] for name in PAGES}


def test_keys_lead_to_a_new_post_and_to_the_search(open_as_editor, filled):
    page = open_as_editor(PAGES["index"])
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find-all-words"
    page.keyboard.type("n/?")
    assert page.input_value("#find-all-words") == "n/?"
    assert not page.locator("#keys").is_visible()
    page.locator("h1").click()
    page.keyboard.press("Control+n")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("n")
    assert page.url.endswith(reverse("admin:blog_post_add"))
    page.locator(".tiptap").click()
    page.keyboard.type("n")
    assert page.url.endswith(reverse("admin:blog_post_add"))


def test_keys_can_be_turned_off_for_good(open_as_editor, filled):
    page = open_as_editor(PAGES["index"])
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use single keys in this browser").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("n")
    page.keyboard.press("/")
    page.keyboard.press("?")
    assert page.evaluate("document.activeElement.id") != "find-all-words"
    assert not page.locator("#keys").is_visible()
    assert page.url.endswith(PAGES["index"])


def test_results_come_as_one_types_and_are_announced(open_as_editor, filled):
    page = open_as_editor(reverse("admin:search"))
    page.keyboard.type("bridge")
    expect(page.locator("[role=status]")).to_have_text("3 found, the newest first")
    assert page.locator(".group h2").all_inner_texts() == ["Posts", "Headlines"]
    assert page.url.endswith("?q=bridge")
    page.keyboard.type(" to")
    expect(page.locator("[role=status]")).to_have_text("1 found, the newest first")
    page.get_by_role("link", name="A bridge to come").click()
    assert page.url.endswith(reverse("admin:blog_post_change", args=[filled.pk]))
    assert page.complaints == []


def test_search_works_without_scripts(open_as_editor, filled):
    page = open_as_editor(PAGES["index"], java_script_enabled=False)
    page.get_by_role("searchbox", name="Search everything").fill("МІСТ")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".group a").all_inner_texts() == ["Мій міст"]


def moved_days(post):
    before = post.published_at
    post.refresh_from_db()
    return (post.published_at - before) / timedelta(days=1)


def test_scheduled_post_is_dragged_to_another_day_and_keeps_its_time(open_as_editor, filled):
    page = open_as_editor(f"{reverse('admin:calendar')}?month={filled.published_at:%Y-%m}")
    days = page.locator("[data-day]")
    target = (filled.published_at + timedelta(days=1)).date()
    with page.expect_navigation():
        page.drag_and_drop(f"#post-{filled.pk}", f"[data-day='{target}']")
    assert days.count() > 0
    assert moved_days(filled) == 1
    assert page.locator(f"[data-day='{target}'] #post-{filled.pk}").count() == 1
    assert page.evaluate("document.activeElement.id") == f"post-{filled.pk}"
    assert "“A bridge to come” now appears on" in page.locator(".messagelist").inner_text()
    assert page.complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_scheduled_post_is_moved_with_the_keyboard_alone(open_as_editor, filled, scripts):
    path = f"{reverse('admin:calendar')}?month={filled.published_at:%Y-%m}"
    page = open_as_editor(path, java_script_enabled=scripts)
    entry = page.locator(f"#post-{filled.pk}")
    entry.locator("summary").focus()
    page.keyboard.press("Enter")
    day = entry.get_by_label("Day")
    day.fill(f"{filled.published_at + timedelta(days=1):%Y-%m-%d}")
    entry.get_by_role("button", name="Move").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert moved_days(filled) == 1


def test_what_is_public_cannot_be_dragged(open_as_editor, filled):
    page = open_as_editor(reverse("admin:calendar"))
    out = page.locator(".entry", has_text="A bridge that stands")
    assert out.get_attribute("draggable") is None
    assert out.locator("form").count() == 0


def test_many_posts_are_changed_after_a_question(open_as_editor, filled):
    page = open_as_editor(PAGES["posts"])
    page.locator("#action-toggle").check()
    page.select_option("select[name=action]", "withdraw")
    page.get_by_role("button", name="Run").first.click()
    assert "1 post will be changed:" in page.locator(".bulk").inner_text()
    assert "A bridge to come: is not public" in page.locator(".bulk").inner_text()
    page.get_by_role("button", name="Yes, do it").click()
    assert page.locator(".messagelist").inner_text() == "1 post: done."
    assert Post.objects.withdrawn().get().title == "A bridge that stands"


def test_link_is_moved_up_by_a_button(open_as_editor, filled):
    page = open_as_editor(PAGES["links"])
    page.get_by_role("button", name="Move “Feed” up").click()
    assert [link.label for link in NavLink.objects.all()] == ["Feed", "About"]
