"""Template tags for posts."""

import pytest
from django.utils import translation

from blog.addresses import absolute
from blog.templatetags.posts import byline, lang, short, stored_html, with_hashtags
from tests.factories import make_author, make_post


def test_hashtags_are_set_apart_and_everything_is_escaped():
    assert with_hashtags("<b>A</b> #Мир & #1 #Peace!") == (
        '&lt;b&gt;A&lt;/b&gt; <span class="hashtag">#Мир</span> &amp; #1 '
        '<span class="hashtag">#Peace</span>!'
    )
    assert with_hashtags("<i>plain</i>") == "&lt;i&gt;plain&lt;/i&gt;"


@pytest.mark.parametrize(
    ("page", "code", "attributes"),
    [
        ("en", "uk", ' lang="uk"'),
        ("en", "ar-EG", ' lang="ar-EG" dir="rtl"'),
        ("en", "en", ""),
        ("en", "en-US", ""),
        ("uk", "en-US", ' lang="en-US"'),
        ("en", "", ""),
        ("en", '"><script>', ""),
        ("en", "english", ""),
    ],
)
def test_lang_marks_only_other_languages_and_only_real_tags(page, code, attributes):
    with translation.override(page):
        assert lang(code) == attributes


@pytest.mark.django_db
def test_byline_joins_the_names():
    names = ["Ada", "Bob", "Cem"]
    for count, text in [(0, ""), (1, "Ada"), (2, "Ada and Bob"), (3, "Ada, Bob and Cem")]:
        authors = [make_author(name=name) for name in names[:count]]
        post = make_post(authors=authors)
        assert byline(post) == text
        for author in authors:
            author.delete()


def test_short_cuts_at_a_word():
    assert short("word " * 40) == ("word " * 28).strip() + "…"


def test_stored_tables_scroll_in_a_frame_of_their_own():
    assert stored_html('<p>a</p><table lang="uk"><tr><td>1</td></tr></table>') == (
        '<p>a</p><div class="scroller" tabindex="0" role="group" aria-label="Table">'
        '<table lang="uk"><tr><td>1</td></tr></table></div>'
    )


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/2026/11/23/a/", "https://review.example/2026/11/23/a/"),
        ("/медіа/a b", "https://review.example/%D0%BC%D0%B5%D0%B4%D1%96%D0%B0/a%20b"),
        ("https://files.example/a.png", "https://files.example/a.png"),
    ],
)
def test_absolute_uses_the_sites_own_address(settings, path, address):
    settings.SITE_URL = "https://review.example"
    assert absolute(path) == address
