"""Pictures of outside articles and the source watch, as people meet them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from aggregator.models import SourceWatch, Thumbnail
from aggregator.thumbnails import fetching, making, want
from blog.models import SiteSettings
from tests.factories import make_collection, make_headline, make_pick
from tests.pictures import drawn, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def headline(media_folder):
    """A picked headline on the front page, with our copy of its picture."""
    SiteSettings(shows_outside_pictures=True).save()
    headline = make_headline(title="New title", image_url="https://outlet.example/a.jpg")
    make_pick(headline=headline, collection=make_collection(slug="picked", home_count=3))
    want([headline], now=timezone.now())
    fetch()
    return headline


def fetch():
    """Do what a poller does with the one picture that is wanted."""
    made = making.make(saved(drawn((900, 600)), "JPEG"), name="a.jpg")
    thumbnail = Thumbnail.objects.get()
    fetching.put(thumbnail.folder, made.files)
    fetching.keep(thumbnail, made)


@pytest.mark.parametrize("address", ["/", "/picked/", "/collections/picked/clip/"])
@pytest.mark.parametrize("width", [360, 1440])
def test_readers_see_our_copy_and_ask_nobody_else(open_page, headline, address, width):
    page = open_page(address, width=width)
    image = page.locator("img.thumb")
    image.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('img.thumb').naturalWidth > 0")
    shown = image.evaluate("image => image.currentSrc")
    assert "/media/pictures/outside/" in shown
    assert shown.endswith(".avif")
    box = image.bounding_box()
    assert abs(box["width"] / box["height"] - 1.5) < 0.03
    assert image.evaluate("image => image.naturalWidth >= image.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []


def test_an_editor_settles_with_one_click(open_as_editor, headline):
    watch = SourceWatch.objects.create(
        headline=headline,
        title="Former title",
        retitled_at=timezone.now(),
        asks_at=timezone.now(),
        next_at=timezone.now(),
    )
    page = open_as_editor(reverse("admin:index"))
    page.click(".block-watch a:has-text('New title')")
    assert page.locator("article.watch del").inner_text().strip() == "Former"
    with page.expect_navigation():
        page.click("button:has-text('Keep the former headline')")
    assert page.locator("text=Nothing asks for a decision.").is_visible()
    watch.refresh_from_db()
    assert (watch.asks_at, headline.picks.get().shown_title) == (None, "Former title")
    assert page.complaints == []


def test_the_desk_shows_pictures_as_they_come(open_as_editor, media_folder):
    now = timezone.now()
    make_headline(
        image_url="https://outlet.example/a.jpg", first_seen_at=now, published_at=now, seen_at=None
    )
    page = open_as_editor(reverse("admin:desk") + "?pictures=1")
    page.wait_for_selector(".desk-row")
    while not Thumbnail.objects.exists():
        page.wait_for_timeout(50)
    assert page.locator(".desk-picture").count() == 0
    fetch()
    page.wait_for_selector(".desk-picture")
    page.wait_for_function("() => document.querySelector('.desk-picture').naturalWidth == 320")
    page.reload()
    assert "/media/pictures/outside/" in page.locator(".desk-picture").get_attribute("src")
    assert page.complaints == []
