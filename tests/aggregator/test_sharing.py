"""Which addresses of feeds may be named in public."""

import pytest

from aggregator.sharing import is_shareable


@pytest.mark.parametrize(
    "url",
    [
        "https://kyivpost.example/rss",
        "https://www.youtube.example/feeds/videos.xml?channel_id=UCa1b2c3d4e5f6g7h8i9j0kl",
        "https://news.example/2026/11/a-long-name-of-an-article-with-42-figures/feed/",
        "https://news.example/rss?format=xml&edition=eu&keyword=peace",
        "https://news.example:8443/tokens/feed",
    ],
)
def test_plain_addresses_may_be_named(url):
    assert is_shareable(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://ada:secret@kyivpost.example/rss",
        "https://ada@kyivpost.example/rss",
        "https://kyivpost.example/rss?token=abc",
        "https://kyivpost.example/rss?api_key=abc",
        "https://kyivpost.example/rss?apikey=abc",
        "https://kyivpost.example/rss?access_token=abc",
        "https://kyivpost.example/rss?X-Amz-Signature=abc",
        "https://kyivpost.example/rss?feed=0123456789abcdef01234567&user=ada",
        "https://kyivpost.example/private/0f8fad5b-d9cb-469f-a165-70867728950e/rss",
    ],
)
def test_addresses_with_a_key_in_them_may_not(url):
    assert not is_shareable(url)
