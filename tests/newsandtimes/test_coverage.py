"""Headlines of the articles that a post is about."""

import pytest

from blog.models import Post
from newsandtimes.coverage import coverage_of
from tests.factories import make_feed, make_headline, make_post

pytestmark = pytest.mark.django_db

SOURCE = "https://www.outlet.example/story"


def shown(post):
    return [(one.name, one.title) for one in coverage_of(post)]


def link_post(**fields):
    return make_post(kind=Post.Kind.LINK, source_url=SOURCE, **fields)


def test_source_is_named_by_the_feeds_of_others_only(client):
    own = make_feed(site_url="https://outlet.example/", title="The Outlet")
    digest = make_feed(site_url="https://digest.example/", title="A <Digest>")
    make_headline(feed=own, url=SOURCE, title="Its own title")
    make_headline(feed=digest, url=f"{SOURCE}/?utm_source=digest", title="What a digest called it")
    make_headline(feed=digest, url="https://outlet.example/another", title="Another story")
    post = link_post()
    assert shown(post) == []  # the address that the feed gave differs: the key is its own
    make_headline(
        feed=digest, canonical_url="https://outlet.example/story", title="What a digest called it"
    )
    assert shown(post) == [("A <Digest>", "What a digest called it")]
    page = client.get(post.get_absolute_url()).text
    assert "A &lt;Digest&gt;" in page
    assert "Another story" not in page


def test_articles_that_the_text_links_to_are_named_once():
    url = "https://paper.example/a?b=1&c=2"
    for _ in range(2):
        make_headline(
            canonical_url="https://paper.example/a?b=1&c=2", title="Paper", outlet="paper.example"
        )
    post = make_post(body=f'<p>As <a href="{url.replace("&", "&amp;")}">they say</a>.</p>')
    assert shown(post) == [("paper.example", "Paper")]


def test_hidden_headline_is_no_coverage():
    make_headline(canonical_url="https://outlet.example/story", title="Secret", is_hidden=True)
    assert shown(link_post()) == []


@pytest.mark.parametrize("address", ["https://[broken", "https://outlet.example:99999/x"])
def test_addresses_that_are_none_are_passed_over(address):
    post = make_post(body="<p>x</p>")
    post.body = f'<p><a href="{address}">x</a></p>'
    post.source_url = address
    assert shown(post) == []


def test_post_without_links_asks_nothing(django_assert_num_queries):
    post = make_post()
    with django_assert_num_queries(0):
        assert shown(post) == []
