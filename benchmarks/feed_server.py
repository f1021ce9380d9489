"""Serves any number of feeds, each on a loopback address of its own: to a poller, as many hosts.

    python -m benchmarks.feed_server PORT FEEDS ENTRIES

``/feed.xml`` answers the feed of the address that was asked, with an ETag; ``/grow`` adds an entry
to every feed.
"""

import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from aiohttp import web

START = datetime(2026, 11, 1, tzinfo=UTC)


def address_of(feed: int) -> str:
    """Return the loopback address of the feed with this number."""
    return f"127.1.{feed // 250}.{feed % 250 + 1}"


def render(feed: int, *, entries: int) -> bytes:
    """Return an RSS document with ``entries`` entries of 1.9 KB each, the newest first."""
    items = "".join(_item(feed, number) for number in reversed(range(entries)))
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Outlet {feed}</title><link>http://outlet{feed}.example/</link>"
        f"<description>Benchmark</description><language>en</language>{items}</channel></rss>"
    ).encode()


def _item(feed: int, number: int) -> str:
    link = f"http://outlet{feed}.example/2026/11/story-{number}"
    date = format_datetime(START + timedelta(hours=number, seconds=feed))
    return (
        f"<item><title>Story {number} of outlet {feed}: markers &amp; maps before winter</title>"
        f'<link>{link}</link><guid isPermaLink="false">{feed}-{number}</guid>'
        f"<dc:creator>Reporter {number % 7}</dc:creator><category>Borders</category>"
        f"<description>&lt;p&gt;Both sides said in near-identical statements that story {number} "
        "is about &lt;b&gt;markers&lt;/b&gt; to be placed before winter, and that the first forty "
        f"kilometres are agreed.&lt;/p&gt;</description><pubDate>{date}</pubDate>"
        f"<content:encoded><![CDATA[{_BODY % (number, link)}]]></content:encoded></item>"
    )


_PARAGRAPH = (
    "<p>Surveyors from <em>both</em> capitals walked the line in autumn, took photographs of each "
    'stone &mdash; and, as one of them put it, &ldquo;agreed on <a href="http://maps.example/">'
    "everything but the weather</a>&rdquo;.</p>"
)
_BODY = (
    '<p><img src="http://outlet.example/%d.jpg" width="640" height="360" alt="A marker"></p>'
    + _PARAGRAPH * 5
    + '<p class="more"><a href="%s">Read on</a></p>'
)


class Feeds:
    """The state of all feeds: how many entries each has."""

    def __init__(self, feeds: int, entries: int) -> None:
        self.numbers = {address_of(feed): feed for feed in range(feeds)}
        self.entries = entries
        self._render()

    def _render(self) -> None:
        """Prepare all documents, so that serving them costs the measured passes little."""
        self.rendered = [render(feed, entries=self.entries) for feed in range(len(self.numbers))]

    async def feed(self, request: web.Request) -> web.Response:
        """Answer the feed of the address that was asked, or 304."""
        number = self.numbers[request.url.host or ""]
        etag = f'"{number}-{self.entries}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        body = self.rendered[number]
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": etag})

    async def grow(self, _request: web.Request) -> web.Response:
        """Add one entry to every feed."""
        self.entries += 1
        self._render()
        return web.Response(text="grown")


def main() -> None:
    """Serve until ended."""
    port, feeds, entries = (int(argument) for argument in sys.argv[1:4])
    state = Feeds(feeds, entries)
    application = web.Application()
    application.add_routes([web.get("/feed.xml", state.feed), web.get("/grow", state.grow)])
    web.run_app(
        application, host=list(state.numbers), port=port, print=None, access_log=None, backlog=64
    )


if __name__ == "__main__":
    main()
