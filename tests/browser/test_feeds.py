"""The pages on feeds as an editor's browser shows them."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from aggregator import probing
from aggregator.models import Feed, Probe, Rule
from aggregator.parse import parse
from aggregator.probing import Look
from blog.models import User
from tests.aggregator.keeping import fetched
from tests.aggregator.serving import rss
from tests.factories import make_editor, make_feed, make_headline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a-long-password"
Health = Feed.Health


@pytest.fixture
def newsroom(open_page):
    """Return a function that opens a page of the admin as a logged-in editor."""
    make_editor(username="editor", password=PASSWORD)

    def open_as_editor(path, **options):
        page = open_page(f"/admin/login/?next={path}", **options)
        page.fill("#id_username", "editor")
        page.fill("#id_password", PASSWORD)
        with page.expect_navigation():
            page.click("[type=submit]")
        return page

    return open_as_editor


def feed_in_trouble():
    feed = make_feed(
        title="Front Page Weekly",
        folder="Troubles",
        health=Health.FAILING,
        last_error="The address leads to a web page, not to a feed.",
        last_error_kind="WebPage",
        last_polled_at=timezone.now(),
        last_status=200,
        last_headers={"Server": "nginx"},
        offered_feeds=[{"url": "https://o.example/feed", "title": "News"}],
    )
    for days in range(5):
        make_headline(feed=feed, published_at=timezone.now() - timedelta(days=days))
    return feed


def found_probe():
    body, url = rss("A", "B"), "https://o.example/feed"
    editor = User.objects.get(username="editor")
    probe = Probe(address=url, asked_by=editor, asked_at=timezone.now())
    answer = fetched(url=url, final_url=url, body=body)
    probing.keep(probe, Look(fetched=answer, parsed=parse(body, url=url)))
    return probe


PAGES = {
    "list": lambda: (feed_in_trouble(), reverse("admin:aggregator_feed_changelist"))[1],
    "feed": lambda: reverse("admin:aggregator_feed_change", args=[feed_in_trouble().pk]),
    "add": lambda: reverse("admin:aggregator_feed_add"),
    "found": lambda: reverse("admin:aggregator_feed_probe", args=[found_probe().pk]),
    "opml": lambda: reverse("admin:aggregator_feed_import_opml"),
    "rule": lambda: reverse(
        "admin:aggregator_rule_change", args=[Rule.objects.create(name="R", words="w").pk]
    ),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_on_feeds_are_accessible_and_fit_a_phone(newsroom, name, scheme):
    page = newsroom(PAGES[name](), width=360, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
    # The list of filters and the widget that searches while one types are Django's own.
    djangos = [["#changelist-filter"], [".select2"], [".admin-autocomplete"]]
    context = {"include": [["#content"]], "exclude": djangos}
    found = Axe().run(page, context=context, options=options).response["violations"]
    assert [(one["id"], node["html"][:200]) for one in found for node in one["nodes"]] == []
    assert page.complaints == []


def test_a_feed_takes_an_offered_address_and_is_polled_now(newsroom):
    feed = feed_in_trouble()
    page = newsroom(reverse("admin:aggregator_feed_change", args=[feed.pk]))
    with page.expect_navigation():
        page.click("text=Use this address")
    feed.refresh_from_db()
    assert feed.url == "https://o.example/feed"
    Feed.objects.update(next_poll_at=timezone.now() + timedelta(days=1), last_polled_at=None)
    with page.expect_navigation():
        page.click("text=Poll now")
    feed.refresh_from_db()
    assert feed.next_poll_at <= timezone.now()
    assert page.complaints == []


def test_a_found_feed_is_added(newsroom):
    page = newsroom("/admin/")
    probe = found_probe()
    page.goto(page.url + f"aggregator/feed/add/{probe.pk}/")
    page.fill("#id_folder", "News")
    with page.expect_navigation():
        page.click("input[type=submit]")
    assert list(Feed.objects.values_list("url", "folder")) == [("https://o.example/feed", "News")]
    assert page.complaints == []


def test_a_rule_is_tried_before_it_is_saved(newsroom):
    make_headline(title="Spam for you", first_seen_at=timezone.now())
    page = newsroom(reverse("admin:aggregator_rule_add"))
    page.fill("#id_name", "No spam")
    page.fill("#id_words", "spam")
    with page.context.expect_page() as opened:
        page.click("text=Try it on the last seven days")
    trial = opened.value
    trial.wait_for_load_state("networkidle")
    assert "Spam for you" in trial.inner_text("#content")
    assert Rule.objects.count() == 0
