"""Videos and cards from addresses: how they get into a text, and what readers' browsers do."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from aggregator import glancing
from aggregator.models import Glance
from aggregator.page_facts import PageFacts
from tests.browser.writing import EDITOR, meanwhile, paste, save, settle, text_of
from tests.factories import make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ID = "dQw4w9WgXcQ"
YOUTUBE = f"https://www.youtube.com/watch?v={ID}"
VIMEO = "https://vimeo.com/76979871"


def figure(address, title):
    return f'<figure><a href="{address}" rel="noopener">{title}</a></figure>'


@pytest.fixture
def page(open_as_editor):
    post = make_post(body="", kind="opinion", status="draft", published_at=None)
    page = open_as_editor(reverse("admin:blog_post_change", args=[post.pk]))
    page.locator(".tiptap").wait_for()
    page.evaluate(f"{EDITOR}.commands.focus('end')")
    settle(page)
    return page


def asked(page, address):
    """Wait until the form's question about an address has arrived; return it."""
    for _ in range(200):
        found = meanwhile(Glance.objects.filter(address=address).first)
        if found:
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"nobody asked about {address}")


def answer(page, address, error="", **facts):
    """Be the poller: wait for the form's question about an address, and answer."""
    nothing = {"url": address, "title": "", "outlet": "", "excerpt": "", "language": ""}
    found = None if error else PageFacts(**nothing | facts)
    meanwhile(glancing.keep, asked(page, address), found, error)


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        (f"https://youtu.be/{ID}?si=tracking", YOUTUBE),
        (f"https://m.youtube.com/watch?v={ID}&list=x&utm_source=y", YOUTUBE),
        (f"https://www.youtube.com/shorts/{ID}", YOUTUBE),
        (f"https://www.youtube-nocookie.com/embed/{ID}", YOUTUBE),
        (f"https://youtu.be/{ID}?t=1m30s", f"{YOUTUBE}&amp;t=90s"),
        ("https://player.vimeo.com/video/76979871?h=abcdef12", f"{VIMEO}/abcdef12"),
        ("https://vimeo.com/76979871#t=5", VIMEO),
    ],
)
def test_a_videos_address_alone_on_a_line_becomes_a_video(page, pasted, stored):
    paste(page, text=pasted)
    site = "Vimeo" if "vimeo" in stored else "YouTube"
    assert text_of(page) == figure(stored, f"Video on {site}")
    assert page.complaints == []


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/@somebody",
        "https://evil.example/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://vimeo.com/about",
    ],
)
def test_what_only_looks_like_a_video_is_a_link(page, address):
    paste(page, text=address)
    assert text_of(page) == f'<p><a href="{address}" rel="noopener">{address}</a></p>'


def test_a_video_is_called_by_its_title_once_that_is_known(page):
    paste(page, text=YOUTUBE)
    page.keyboard.press("Enter")
    answer(page, YOUTUBE, title="A film & more - YouTube")
    page.get_by_text("A film & more").wait_for()
    assert figure(YOUTUBE, "A film &amp; more") in save(page).body


def test_within_a_line_an_address_is_a_link(page):
    page.keyboard.type("See ")
    paste(page, text=YOUTUBE)
    assert text_of(page) == f'<p>See <a href="{YOUTUBE}" rel="noopener">{YOUTUBE}</a></p>'
    assert Glance.objects.count() == 0


def test_another_address_is_offered_as_a_card_and_stays_a_link_until_then(page):
    address = "https://a.example/story"
    paste(page, text=address)
    link = f'<p><a href="{address}" rel="noopener">{address}</a></p>'
    assert text_of(page) == link
    answer(page, address, title="A <b>title", outlet="The Outlet", excerpt="What it says.")
    page.get_by_role("button", name="Make a card").wait_for()
    # Nothing stands in the way: typing goes on meanwhile.
    page.keyboard.press("Enter")
    page.keyboard.type("And so on.")
    page.get_by_role("button", name="Make a card").press("Enter")
    assert save(page).body == (
        f'<figure><blockquote cite="{address}"><p><a href="{address}" rel="noopener">'
        "A &lt;b&gt;title</a></p><p>What it says.</p></blockquote>"
        "<figcaption>The Outlet</figcaption></figure><p>And so on.</p>"
    )
    assert page.complaints == []


def test_a_card_can_be_declined_and_a_failure_leaves_the_link(page):
    address = "https://a.example/story"
    paste(page, text=address)
    answer(page, address, title="A title")
    page.get_by_role("button", name="Leave it a link").click()
    assert text_of(page).startswith(f'<p><a href="{address}"')
    assert page.locator(".prose-notes").is_hidden()
    page.evaluate(f"{EDITOR}.chain().setContent('<p></p>').focus('end').run()")
    paste(page, text="https://b.example/story")
    answer(page, "https://b.example/story", error="No.")
    page.wait_for_timeout(1500)
    assert page.locator(".prose-notes").is_hidden()


@pytest.fixture
def watched(review):
    return make_post(
        title="With films",
        body=figure(YOUTUBE, "A film") + figure(VIMEO, "Another") + figure("/links/", "No film"),
    ).get_absolute_url()


def test_readers_ask_nobody_before_they_click(open_page, watched):
    page = open_page(watched, wait_until="networkidle")
    assert page.complaints == []
    assert page.locator(".prose iframe").count() == 0
    assert page.locator(".prose .play").all_inner_texts() == ["Play on YouTube", "Play on Vimeo"]
    assert page.context.cookies() == []


@pytest.mark.parametrize(
    ("name", "player"),
    [
        ("Play on YouTube: A film", f"https://www.youtube-nocookie.com/embed/{ID}?autoplay=1"),
        ("Play on Vimeo: Another", "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1"),
    ],
)
def test_a_click_loads_the_player_of_that_video_alone(open_page, watched, name, player):
    page = open_page(watched)
    asked = []

    def take(route):
        asked.append(route.request.url)
        route.fulfill(body="<title>player</title>", content_type="text/html")

    page.context.route(lambda url: not url.startswith("http://localhost"), take)
    button = page.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")
    page.locator(".prose iframe").wait_for()
    page.wait_for_load_state("networkidle")
    assert asked == [player]
    assert page.locator(".prose iframe").get_attribute("title") in name
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    assert page.complaints == [f"foreign request: {player}"]


def test_without_scripts_a_video_is_a_link(open_page, watched):
    page = open_page(watched, java_script_enabled=False)
    assert page.get_by_role("link", name="A film").get_attribute("href") == YOUTUBE
    assert page.locator(".play").count() == 0


def test_only_pages_with_videos_load_their_script_and_only_two_players_may_be_framed(
    client, watched
):
    plain = make_post(body="<p>A</p>").get_absolute_url()
    assert "embeds.js" in client.get(watched).text
    for path in ("/", plain):
        assert "embeds.js" not in client.get(path).text
    frames = "frame-src https://www.youtube-nocookie.com https://player.vimeo.com;"
    assert frames in client.get(watched)["Content-Security-Policy"]
    assert settings.SECURE_CSP["frame-src"] == [
        "https://www.youtube-nocookie.com",
        "https://player.vimeo.com",
    ]


def fill_source(page, address):
    page.fill("#id_source_url", address)
    page.keyboard.press("Tab")


def test_a_source_offers_what_its_page_says_and_overwrites_nothing(page):
    page.fill("#id_title", "My own title")
    page.fill("#id_outlet", "")
    page.select_option("#id_kind", "article")
    address = "https://a.example/story"
    fill_source(page, address)
    page.get_by_text("Looking at the page").wait_for()
    answer(
        page, address, title="<i>Theirs</i>", outlet="The Outlet", excerpt="Says.", language="uk-UA"
    )
    page.get_by_text("What the page says of itself").wait_for()
    assert page.get_by_role("button", name="Use: Title").count() == 0
    assert page.get_by_text("yours stays").first.is_visible()
    page.get_by_role("button", name="Use: Outlet").press("Enter")
    page.get_by_role("button", name="Use: Excerpt").press("Enter")
    page.get_by_role("button", name="Use: Language").press("Enter")
    # Without a text of its own it is about its source.
    assert page.input_value("#id_kind") == "link"
    page.fill("#id_title", "")
    page.get_by_role("button", name="Use: Title").press("Enter")
    post = save(page)
    assert (post.kind, post.source_url, post.title, post.outlet, post.standfirst) == (
        "link",
        address,
        "<i>Theirs</i>",
        "The Outlet",
        "Says.",
    )
    assert post.language == "uk"
    assert page.complaints == []


def test_a_source_that_cannot_be_read_says_why(page):
    fill_source(page, "https://a.example/story")
    page.get_by_text("Looking at the page").wait_for()
    answer(page, "https://a.example/story", error="The site refuses us (403).")
    page.get_by_text("The site refuses us (403).").wait_for()


def test_without_a_poller_the_form_says_so(page):
    fill_source(page, "https://a.example/story")
    asked(page, "https://a.example/story")
    meanwhile(Glance.objects.update, asked_at=timezone.now() - glancing.AGAIN_WITHIN / 2)
    page.get_by_text("Nobody has looked there yet").wait_for()
