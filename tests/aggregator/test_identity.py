"""Keys, canonical addresses, shown hosts and times."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.identity import canonical_url, keys_for, outlet_host, published_at
from aggregator.parse import parse
from tests.aggregator.serving import FEEDS

SEEN = datetime(2026, 11, 23, 12, tzinfo=UTC)


def keys(*items):
    document = "".join(f"<item>{item}</item>" for item in items)
    return [item.key for item in parse(f"<rss><channel>{document}</channel></rss>".encode()).items]


def item(guid="", link="", title="T", date=""):
    tags = {"guid": guid, "link": link, "title": title, "pubDate": date}
    return "".join(f"<{tag}>{value}</{tag}>" for tag, value in tags.items() if value)


def test_the_guid_alone_identifies_an_item_that_has_its_own():
    assert (
        keys(item("a", "http://x.example/1", "Old"))
        == keys(item("a", "http://x.example/2", "New"), item("b"))[:1]
    )


def test_a_guid_that_others_share_identifies_nothing():
    [one, two] = keys(item("same", "http://x.example/1"), item("same", "http://x.example/2"))
    assert one != two
    assert [one] == keys(item("", "https://www.x.example/1/?utm_source=x"))


def test_a_guid_and_a_link_of_the_same_text_are_different_things():
    url = "https://x.example/1"
    assert keys(item(url)) != keys(item("", url))


def test_without_guid_and_link_title_and_date_identify():
    date = "Fri, 20 Nov 2026 08:00:00 GMT"
    assert keys(item(title="A", date=date)) == keys(item(title="A", date=date))
    assert len(set(keys(item(title="A"), item(title="B"), item(title="A", date=date)))) == 3


def test_equal_guids_of_the_sample_give_one_key_for_each_article():
    parsed = parse((FEEDS / "equal_guids.xml").read_bytes())
    one, two, two_again, linkless = (item.key for item in parsed.items)
    assert two == two_again
    assert len({one, two, linkless}) == 3
    assert keys_for(parsed.items) == [one, two, two, linkless]


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example/a",
        "https://x.example/a/",
        "https://WWW.X.EXAMPLE/a#part",
        "https://x.example:443/a",
        "http://x.example:80/a",
        "https://x.example./a",
        "https://x.example/a?utm_source=x&UTM_Medium=y&fbclid=1&gclid=2&yclid=3&mc_cid=4",
        "https://m.x.example/a",
        "https://www.m.x.example/a",
        "https://amp.x.example/a/amp/",
        "https://mobile.x.example/a?amp=1",
        "https://x.example/a.amp?outputType=amp",
        "https://x.example/%61",
    ],
)
def test_one_article_has_one_canonical_address(url):
    assert canonical_url(url) == "https://x.example/a"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://x.example/?p=12&utm_campaign=z", "https://x.example?p=12"),
        ("http://x.example/a?b=&a=1", "https://x.example/a?b=&a=1"),
        ("http://x.example/A", "https://x.example/A"),
        ("http://x.example:8080/", "https://x.example:8080"),
        ("http://x.example/#!/story/1", "https://x.example#!/story/1"),
        ("http://приклад.укр/їжа", "https://xn--80aikifvh.xn--j1amh/%D1%97%D0%B6%D0%B0"),
        ("http://x.example/%d1%97%D0%B6%D0%B0/", "https://x.example/%D1%97%D0%B6%D0%B0"),
        ("http://x.example/%CF%F0%FF", "https://x.example/%CF%F0%FF"),
        ("https://m.example/amp", "https://m.example/amp"),
        ("https://x.example/amp/a?amp=rifier", "https://x.example/amp/a?amp=rifier"),
        ("https://my.x.example/camp", "https://my.x.example/camp"),
        ("", ""),
    ],
)
def test_what_tells_articles_apart_stays(url, canonical):
    assert canonical_url(url) == canonical


def test_a_canonical_address_is_never_longer_than_it_can_be_stored():
    url = "http://x.example/?q=" + "ї" * 1900
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.kyivpost.com/post/1", "kyivpost.com"),
        ("https://news.BBC.co.uk:8443/x", "news.bbc.co.uk"),
        ("https://xn--80aikifvh.xn--j1amh/", "приклад.укр"),
        ("https://приклад.укр/", "приклад.укр"),
        ("https://xn--mnchen-3ya.de/", "münchen.de"),
        # "аррӏе", all Cyrillic, and "pаypal" with one Cyrillic letter: shown as they are sent.
        ("https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com"),
        ("https://xn--pypal-4ve.com/", "xn--pypal-4ve.com"),
        ("https://pаypal.com/", "xn--pypal-4ve.com"),
        ("https://xn--fiqs8s/", "xn--fiqs8s"),
        ("https://xn--zzzzzzzz99999/", "xn--zzzzzzzz99999"),
        ("", ""),
    ],
)
def test_the_shown_host_is_readable_and_cannot_deceive(url, host):
    assert outlet_host(url) == host


@pytest.mark.parametrize(
    ("ahead", "counts"),
    [
        (timedelta(days=-3000), timedelta(days=-3000)),
        (timedelta(0), timedelta(0)),
        (timedelta(minutes=15), timedelta(minutes=15)),
        (timedelta(minutes=15, seconds=1), timedelta(0)),
        (timedelta(days=9), timedelta(0)),
    ],
)
def test_a_date_that_lies_ahead_counts_as_first_seen(ahead, counts):
    assert published_at(SEEN + ahead, first_seen_at=SEEN) == SEEN + counts


def test_without_a_date_first_seen_counts():
    assert published_at(None, first_seen_at=SEEN) == SEEN
