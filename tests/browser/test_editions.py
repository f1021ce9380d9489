"""An edition made ready in a browser, and how its mail looks there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletter.editions.collecting import collect
from newsletter.models import Digest, Edition
from tests.browser.test_newsroom import newsroom
from tests.factories import make_collection, make_digest, make_edition, make_pick, make_post

__all__ = ["newsroom"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def edition():
    """The next edition of a digest that waits for approval, with posts and an article."""
    Digest.objects.all().delete()
    now = timezone.now()
    collection = make_collection(title="Selected Articles")
    digest = make_digest(
        title="The daily review", started_at=now - timedelta(days=1), needs_approval=True
    )
    digest.collections.add(collection)
    found = make_edition(
        digest=digest,
        state=Edition.State.OPEN,
        frozen_at=None,
        due_at=now + timedelta(hours=2),
        window_start=digest.started_at,
    )
    for number in range(3):
        make_post(title=f"Post {number}", published_at=now - timedelta(hours=number + 1))
    make_pick(collection=collection, placed_at=now - timedelta(hours=1))
    collect(found.pk, now=now)
    return found


def titles(edition):
    return [item.title for item in edition.items.filter(kind="post")]


def change_page(edition):
    return reverse("admin:newsletter_edition_change", args=[edition.pk])


def test_edition_is_reordered_by_buttons_and_keys_and_approved(newsroom, edition):
    page = newsroom(change_page(edition))
    with page.expect_navigation():
        page.get_by_role("button", name="Move “Post 2” up").click()
    assert titles(edition) == ["Post 0", "Post 2", "Post 1"]
    # The page has kept to the item: keys go on from there.
    assert page.evaluate("document.activeElement.textContent").strip().startswith("Post 2")
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    assert titles(edition) == ["Post 2", "Post 0", "Post 1"]
    with page.expect_navigation():
        page.keyboard.press("Delete")
    assert edition.items.get(is_dropped=True).title == "Post 2"
    assert page.get_by_text("left out").is_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Put “Post 2” back").click()
    assert not edition.items.filter(is_dropped=True).exists()
    with page.expect_navigation():
        page.get_by_role("button", name="Approve").click()
    edition.refresh_from_db()
    assert edition.approved_by.username == "editor"
    assert page.complaints == []


def test_edition_is_put_off_by_the_browsers_own_field(newsroom, edition):
    page = newsroom(change_page(edition))
    at = (timezone.now() + timedelta(days=2)).replace(hour=18, minute=30, second=0, microsecond=0)
    page.fill("#id_due_at", f"{at:%Y-%m-%dT%H:%M}")
    with page.expect_navigation():
        page.get_by_role("button", name="Schedule").click()
    edition.refresh_from_db()
    assert edition.due_at == at
    assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_preview_shows_the_mail_at_two_widths_in_its_own_styles(newsroom, edition, scheme):
    page = newsroom(change_page(edition))
    page.emulate_media(color_scheme=scheme)
    with page.expect_navigation():
        page.get_by_role("link", name="Preview").click()
    for index, width in ((0, 700), (1, 360)):
        frame = page.frame_locator("iframe").nth(index)
        heading = frame.get_by_role("heading", name="Post 0")
        heading.wait_for()
        shown = heading.evaluate(
            """heading => ({
                size: getComputedStyle(heading).fontSize,
                background: getComputedStyle(document.body).backgroundColor,
                overflow: document.documentElement.scrollWidth - innerWidth,
                width: innerWidth,
            })"""
        )
        background = {"light": "rgb(255, 254, 251)", "dark": "rgb(23, 24, 27)"}[scheme]
        assert (shown["size"], shown["background"]) == ("22px", background)
        assert shown["overflow"] <= 0
        assert abs(shown["width"] - width) <= 4
    assert "Post 0" in page.locator("pre").inner_text()
    assert page.complaints == []


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", ["change", "preview", "send", "cancel", "unknown"])
def test_pages_of_an_edition_fit_the_screen(newsroom, edition, name, width):
    page = newsroom(reverse(f"admin:newsletter_edition_{name}", args=[edition.pk]))
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []
