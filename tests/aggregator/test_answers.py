"""What an answer's headers say."""

from datetime import UTC, datetime

import pytest

from aggregator.answers import fresh_for_s, is_challenge, retry_after_s, shown_headers

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC).timestamp()
PAGE = {"Content-Type": "text/html; charset=UTF-8"}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Wed, 18 Nov 2026 12:01:30 GMT", 90),
        ("Wed, 18 Nov 2020 12:00:00 GMT", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 400, 365 * 24 * 3600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 365 * 24 * 3600),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(value, seconds):
    assert retry_after_s(value, now=NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "max-age=60"}, 60),
        ({"Cache-Control": "public,MAX-AGE=60"}, 60),
        ({"Cache-Control": "s-maxage=60"}, None),
        ({"Cache-Control": "no-cache, max-age=60"}, None),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "max-age=60", "Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 60),
        (
            {
                "Date": "Wed, 18 Nov 2026 12:00:00 GMT",
                "Expires": "Wed, 18 Nov 2026 12:10:00 GMT",
            },
            600,
        ),
        ({"Expires": "0"}, None),
        ({}, None),
    ],
)
def test_freshness_is_read_from_the_headers(headers, seconds):
    assert fresh_for_s(headers, now=NOW) == seconds


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (403, {"cf-mitigated": "challenge"}, True),
        (200, {"cf-mitigated": "challenge"}, True),
        (503, PAGE | {"Server": "cloudflare"}, True),
        (429, PAGE | {"Server": "ddos-guard"}, True),
        (403, PAGE | {"X-CDN": "Imperva"}, True),
        (403, PAGE | {"Server": "Sucuri/Cloudproxy"}, True),
        (403, PAGE | {"Server": "AkamaiGHost"}, True),
        (403, PAGE | {"Server": "nginx"}, False),
        (403, {"Content-Type": "text/plain", "Server": "cloudflare"}, False),
        (404, PAGE | {"Server": "cloudflare"}, False),
        (500, PAGE | {"Server": "cloudflare"}, False),
        (200, PAGE | {"Server": "cloudflare"}, False),
        (403, {}, False),
    ],
)
def test_a_wall_against_robots_is_known(status, headers, expected):
    assert is_challenge(status, headers) is expected


def test_an_editor_sees_harmless_headers_cut_short():
    headers = {
        "Server": "x" * 300,
        "Set-Cookie": "secret",
        "Authorization": "secret",
        "Location": "https://me:secret@site.example/feed",
    }
    assert shown_headers(headers) == {
        "Server": "x" * 200,
        "Location": "https://site.example/feed",
    }
