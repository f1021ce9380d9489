"""The newsroom as an editor's browser shows it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from blog.models import Post
from tests.factories import (
    make_author,
    make_category,
    make_collection,
    make_editor,
    make_feed,
    make_headline,
    make_pick,
    make_post,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a-long-password"


@pytest.fixture
def newsroom(open_page):
    """Return a function that opens a page of the admin as a logged-in editor."""
    make_editor(username="editor", password=PASSWORD)

    def open_as_editor(path):
        page = open_page(f"/admin/login/?next={path}")
        page.fill("#id_username", "editor")
        page.fill("#id_password", PASSWORD)
        with page.expect_navigation():
            page.click("[type=submit]")
        return page

    return open_as_editor


def test_post_is_written_in_the_editor_and_keeps_its_form(newsroom):
    category = make_category(name="Review")
    page = newsroom(reverse("admin:blog_post_add"))
    page.fill("#id_title", "Written by hand")
    text = page.locator(".tiptap")
    text.click()
    page.keyboard.type("One ")
    page.keyboard.press("Control+b")
    page.keyboard.type("strong")
    page.keyboard.press("Control+b")
    page.keyboard.type(" word & two")
    page.select_option("#id_status", "published")
    page.evaluate(
        "pk => document.querySelector('#id_category').append(new Option('Review', pk, true, true))",
        category.pk,
    )
    with page.expect_navigation():
        page.click("[name=_save]")
    assert Post.objects.published().get().body == (
        "<p>One <strong>strong</strong> word &amp; two</p>"
    )
    assert page.complaints == []


@pytest.mark.parametrize(
    "name",
    [
        "index",
        "blog_post_changelist",
        "blog_sitesettings_changelist",
        "aggregator_feed_changelist",
        "aggregator_headline_changelist",
        "aggregator_collection_add",
        "newsletter_subscriber_changelist",
    ],
)
def test_admin_pages_break_no_rule_of_their_own(newsroom, name):
    page = newsroom(reverse(f"admin:{name}"))
    assert page.locator("h1, #site-name").count() > 0
    assert page.complaints == []


def test_lists_show_all_their_columns_in_a_wide_window(open_as_editor):
    author = make_author(name="Somebody Longname")
    make_post(
        title="Every second word of this title is long",
        authors=[author],
        pinned_until=timezone.now() + timedelta(hours=3),
    )
    headline = make_headline(
        title="Ministry denies reports that the units were withdrawn",
        outlet="an-outlet-with-a-name.example",
        feed=make_feed(title="An outlet with a name"),
    )
    make_pick(collection=make_collection(title="Selected Articles"), headline=headline)
    page = open_as_editor(reverse("admin:index"), width=1440)
    for name in ("blog_post", "aggregator_headline", "aggregator_pick", "aggregator_collection"):
        page.turn_to(reverse(f"admin:{name}_changelist"))
        hidden = page.locator(".results").evaluate("list => list.scrollWidth - list.clientWidth")
        assert (name, hidden) == (name, 0)
    assert page.complaints == []
