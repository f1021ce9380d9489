"""Our feeds as a real feed reader has them: newsboat, found on PATH or named by NEWSBOAT."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime

import pytest

from blog.models import Post, SiteSettings
from tests.factories import (
    make_author,
    make_category,
    make_collection,
    make_headline,
    make_pick,
    make_post,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
TITLES = ["Перемир’я — це ще не мир & <інше>", "A golden opportunity"]
SLUGS = ["peremyria-tse-shche-ne-myr-a-inshe", "a-golden-opportunity"]


@pytest.fixture
def newsboat(tmp_path):
    """Return a function that lets newsboat read a feed; it returns the rows of its cache."""
    path = os.environ.get("NEWSBOAT") or shutil.which("newsboat")
    if not path:
        pytest.skip("no newsboat on PATH or in NEWSBOAT")

    def read(address):
        (tmp_path / "urls").write_text(f"{address}\n")
        (tmp_path / "config").write_text("")
        arguments = ["-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]
        environment = os.environ | {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [path, *arguments], cwd=tmp_path, env=environment, timeout=60, check=False
        )
        assert done.returncode == 0
        with closing(sqlite3.connect(tmp_path / "cache.db")) as cache:
            wanted = "SELECT title, url, author, pubDate, guid FROM rss_item ORDER BY pubDate DESC"
            return cache.execute(wanted).fetchall()

    return read


@pytest.fixture
def review(live_server, settings):
    settings.SITE_URL = live_server.url
    SiteSettings.objects.create(title="The Review")
    ada, section = make_author(name="Ada"), make_category(name="Review")
    common = {"authors": [ada], "category": section, "tags": ["Peace"]}
    link = {"kind": Post.Kind.LINK, "source_url": "https://www.wsj.com/a?b=1&c=2"}
    make_post(title=TITLES[0], slug=SLUGS[0], published_at=AT, **common)
    make_post(title=TITLES[1], published_at=AT.replace(hour=9), **link, **common)
    selected = make_collection(title="Selected Articles")
    headline = make_headline(
        title="Ministry <denies> & reports", url="https://kyivpost.example/a?b=1&c=2", author=""
    )
    make_pick(collection=selected, headline=headline, placed_at=AT)
    return live_server.url


@pytest.mark.parametrize("form", ["feed/", "feed/atom/"])
@pytest.mark.parametrize("path", ["/", "/category/review/", "/tag/peace/"])
def test_newsboat_reads_titles_links_and_dates_of_posts(newsboat, review, path, form):
    rows = newsboat(f"{review}{path}{form}")
    assert [(*row[:3], datetime.fromtimestamp(row[3], UTC)) for row in rows] == [
        (TITLES[0], f"{review}/2026/11/22/{SLUGS[0]}/", "Ada", AT),
        (TITLES[1], f"{review}/2026/11/22/{SLUGS[1]}/", "Ada", AT.replace(hour=9)),
    ]


@pytest.mark.parametrize("form", ["feed/", "feed/atom/"])
def test_newsboat_reads_titles_links_and_dates_of_headlines(newsboat, review, form):
    (row,) = newsboat(f"{review}/selected-articles/{form}")
    assert (*row[:3], datetime.fromtimestamp(row[3], UTC)) == (
        *("Ministry <denies> & reports", "https://kyivpost.example/a?b=1&c=2", "outlet.example"),
        AT,
    )


def test_newsboat_keeps_an_item_whose_address_and_title_changed(newsboat, review):
    before = newsboat(f"{review}/feed/")
    post = Post.objects.get(title=TITLES[1])
    post.title, post.slug = "Another title", "another"
    post.save()
    after = newsboat(f"{review}/feed/")
    assert [row[-1] for row in after] == [row[-1] for row in before]
