"""Pages brought to the newsroom: from a bookmark in a browser, from a telephone's share menu."""

from urllib.parse import unquote, urlencode

import pytest

from aggregator.models import Pick
from tests.browser.test_embeds import answer, asked
from tests.browser.writing import meanwhile
from tests.factories import make_collection, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHARE = "/admin/share/"


@pytest.fixture
def outside(settings, live_server):
    """Let the site's own pages stand for pages elsewhere."""
    settings.SITE_URL = live_server.url
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.0/8", "::1/128"]


@pytest.mark.usefixtures("outside")
def test_bookmark_brings_title_marked_words_and_address_of_any_page(open_as_editor, live_server):
    collection = make_collection(title="Links")
    post = make_post(title="Ports open again", body="<p>The first ship left.</p>", language="uk")
    page = open_as_editor(SHARE)
    bookmark = page.locator("a.bookmarklet").get_attribute("href")
    assert page.input_value("#bookmarklet-code") == bookmark
    page.locator("a.bookmarklet").click()  # our policy lets no such link run here
    page.goto(live_server.url + post.get_absolute_url())
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.prose p'))")
    with page.context.expect_page() as opened:
        page.evaluate(unquote(bookmark.removeprefix("javascript:")))
    form = opened.value
    form.wait_for_load_state("networkidle")
    assert form.input_value("#id_source_url") == live_server.url + post.get_absolute_url()
    assert form.input_value("#id_quote") == "The first ship left."
    assert form.input_value("#id_title").startswith("Ports open again")
    assert form.input_value("#id_language") == "uk"
    form.fill("#id_title", "Ports open again")
    form.press("#id_title", "Enter")  # decides nothing
    form.get_by_role("button", name="Links").click()
    form.get_by_text("“Ports open again” stands in “Links”.").wait_for()
    pick = Pick.objects.select_related("headline").get()
    assert (pick.collection, pick.headline.summary) == (collection, "The first ship left.")


def test_telephone_shares_an_address_alone_and_the_rest_is_looked_up(open_as_editor):
    make_collection(title="Links")
    address = "https://kyivpost.example/news/1"
    path = f"{SHARE}?{urlencode({'text': address})}"
    page = open_as_editor(path, width=360, height=800)
    answer(page, address, title="Ports <open>", outlet="Kyiv Post", excerpt="Says.", language="uk")
    page.get_by_text("What the page says of itself").wait_for()
    assert page.input_value("#id_title") == "Ports <open>"
    assert page.input_value("#id_outlet") == "Kyiv Post"
    assert page.input_value("#id_quote") == ""
    page.get_by_role("button", name="Use: Excerpt").click()
    page.get_by_role("button", name="Use: Language").click()
    page.get_by_role("button", name="Links").click()
    page.get_by_text("stands in “Links”").wait_for()
    headline = meanwhile(Pick.objects.select_related("headline").get).headline
    assert (headline.title, headline.summary, headline.language) == ("Ports <open>", "Says.", "uk")
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_what_somebody_has_typed_meanwhile_stays(open_as_editor):
    address = "https://kyivpost.example/news/1"
    page = open_as_editor(f"{SHARE}?{urlencode({'text': address})}")
    asked(page, address)
    page.fill("#id_title", "Mine")
    answer(page, address, title="Theirs", outlet="Kyiv Post")
    page.get_by_text("What the page says of itself").wait_for()
    assert (page.input_value("#id_title"), page.input_value("#id_outlet")) == ("Mine", "Kyiv Post")


def test_telephone_learns_that_the_newsroom_takes_what_is_shared(open_as_editor):
    page = open_as_editor("/admin/")
    link = page.evaluate("document.querySelector('link[rel=manifest]').href")
    read = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert (read["url"], read["errors"]) == (link, [])
    assert page.complaints == []


def test_without_scripts_the_form_works(open_as_editor):
    make_collection(title="Links")
    query = urlencode({"title": "Ports", "text": "https://kyivpost.example/news/1"})
    page = open_as_editor(f"{SHARE}?{query}", java_script_enabled=False)
    page.get_by_role("button", name="Links").click()
    assert page.get_by_text("“Ports” stands in “Links”.").is_visible()
