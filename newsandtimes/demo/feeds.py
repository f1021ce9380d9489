"""The demo's outside feeds: invented outlets, written to files that the running site serves."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from newsandtimes.demo import formats
from newsandtimes.demo.content import FOLDER, age_of
from newsandtimes.demo.troubles import TROUBLES

HOST = "127.0.0.1"
PATH = "/demo/feeds/"


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of feed: how its files end, what they are served as, who renders them."""

    suffix: str
    content_type: str
    render: Callable[[formats.FeedText, datetime], bytes]


FORMATS = {
    "rss": Format("xml", "application/rss+xml", formats.rss),
    "rdf": Format("rdf", "application/rdf+xml", formats.rdf),
    "atom": Format("atom", "application/atom+xml", formats.atom),
    "json": Format("json", "application/feed+json", formats.json_feed),
}


@dataclass(frozen=True, slots=True)
class SampleFeed:
    """A feed of the demo: its text, and the slug of the collection that it publishes into."""

    name: str
    format: Format
    text: formats.FeedText
    collection: str

    @property
    def content_type(self) -> str:
        """What the file is served as."""
        return f"{self.format.content_type}; charset={self.text.encoding}"

    def rendered(self, *, now: datetime) -> bytes:
        """Return the feed's document, its items dated back from ``now``."""
        return self.format.render(self.text, now)


@cache
def sample_feeds() -> dict[str, SampleFeed]:
    """Return the demo's feeds by the names of their files."""
    feeds = [_read(path) for path in sorted((FOLDER / "feeds").glob("*.toml"))]
    return {feed.name: feed for feed in feeds}


def names() -> set[str]:
    """Return the last parts of the addresses of all feeds, those in trouble too."""
    return {*sample_feeds(), *TROUBLES}


def feeds_folder() -> Path:
    """Return where the documents are kept while the demo is loaded."""
    folder: Path = settings.DATA_DIR / "demo" / "feeds"
    return folder


def base_address() -> str:
    """Return the address under which this machine's own poller finds the feeds."""
    site = urlsplit(settings.SITE_URL)
    port = site.port or (443 if site.scheme == "https" else 80)
    return f"http://{HOST}:{port}{PATH}"


def write_documents(*, now: datetime, is_fresh: bool) -> int:
    """Write the feeds' documents, only missing ones unless ``is_fresh``; return how many."""
    folder = feeds_folder()
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for name, feed in sample_feeds().items():
        target = folder / name
        if not is_fresh and target.exists():
            continue
        # Renamed into place, so that a poll never reads half a document.
        draft = target.with_name(f"{name}.new")
        draft.write_bytes(feed.rendered(now=now))
        draft.replace(target)
        written += 1
    return written


def delete_documents() -> int:
    """Delete what write_documents() made; return how many files that were."""
    deleted = 0
    for name in sample_feeds():
        for path in (feeds_folder() / name, feeds_folder() / f"{name}.new"):
            if path.exists():
                path.unlink()
                deleted += 1
    return deleted


def _read(path: Path) -> SampleFeed:
    fields: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    kind = FORMATS[fields.pop("format")]
    collection = fields.pop("collection", "")
    items = tuple(
        formats.ItemText(**{**item, "age": age_of(item["age"])}) for item in fields.pop("items")
    )
    text = formats.FeedText(**fields, items=items)
    return SampleFeed(f"{path.stem}.{kind.suffix}", kind, text, collection)
