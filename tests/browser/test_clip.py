"""The clip of a collection inside a page of another site."""

import http.server
import threading

import pytest
from django.utils import timezone

from tests.factories import make_collection, make_headline, make_pick

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def other_site():
    """Return a function that serves a page of another origin; it returns the page's address."""
    pages = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages.get(self.path, "").encode())

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()

    def serve(body):
        pages["/"] = f"<!doctype html><title>Other</title><body>{body}"
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def collection(live_server, settings):
    settings.SITE_URL = live_server.url
    collection = make_collection(title="Selected Articles")
    for number in range(3):
        headline = make_headline(title=f"Headline {number}", published_at=timezone.now())
        make_pick(collection=collection, headline=headline)
    return collection


def framed(browser, address, **options):
    """Open a page of another site; returns its frame and what the console complained about."""
    page = browser.new_context(**options).new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address, wait_until="load")
    return page, page.frames[1], complaints


@pytest.mark.parametrize(("scheme", "paper"), [("light", "251, 250, 246"), ("dark", "19, 20, 22")])
def test_clip_shows_in_a_page_of_another_site(browser, other_site, collection, scheme, paper):
    from aggregator.clips import embed_code

    page, frame, complaints = framed(
        browser, other_site(embed_code(collection)), color_scheme=scheme
    )
    # The frame is lazy: it loads after the page around it.
    frame.wait_for_url("**/clip/**", wait_until="load")
    assert frame.locator("li a").all_inner_texts() == ["Headline 2", "Headline 1", "Headline 0"]
    assert frame.evaluate("getComputedStyle(document.body).backgroundColor") == f"rgb({paper})"
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.context.cookies() == []
    assert [text for text in complaints if "favicon" not in text] == []
    page.context.close()


def test_no_other_page_shows_there(browser, other_site, collection, live_server):
    address = other_site(f'<iframe src="{live_server.url}/selected-articles/"></iframe>')
    page, frame, complaints = framed(browser, address)
    assert "Headline" not in frame.content()
    assert any("frame" in text.lower() for text in complaints)
    page.context.close()
