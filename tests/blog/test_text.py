"""Slugs, excerpts, hashtags and plain text."""

import pytest

from blog.text import excerpt, free_slug, hashtags, plain_text, slug_for


@pytest.mark.parametrize(
    ("title", "language", "slug"),
    [
        ("The long divorce: a review", "en", "the-long-divorce-a-review"),
        ("Згорани, Розгін і Згурський", "uk", "zghorany-rozghin-i-zghurskyi"),
        ("Єнакієве, Їжакевич, Юрій та Яготин", "uk", "yenakiieve-yizhakevych-yurii-ta-yahotyn"),
        ("Знам'янка біля Щербухів", "uk", "znamianka-bilia-shcherbukhiv"),
        ("Ещё один съезд чужих мыслей", "ru", "eshche-odin-sezd-chuzhikh-mysley"),
        ("Київ чекає", "", "kyiv-chekaie"),
        ("Съезд", "", "sezd"),
        ("საქართველო", "", "sakartvelo"),
        ("!!! ???", "en", "post"),
        ("", "en", "post"),
        ("🎉", "en", "post"),
    ],
)
def test_slug_is_readable_and_never_empty(title, language, slug):
    assert slug_for(title, language=language) == slug


def test_slug_is_cut_at_a_word():
    slug = slug_for("word " * 60)
    assert len(slug) <= 80
    assert set(slug.split("-")) == {"word"}


def test_free_slug_counts_up_until_it_is_free():
    assert free_slug("a", is_taken={"a", "a-2"}.__contains__) == "a-3"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("short", "short"),
        ("one two three", "one two…"),
        ("one two, three", "one two…"),
        ("unbreakable-word", "unbreakab…"),
        ("exactly te", "exactly te"),
    ],
)
def test_excerpt_is_cut_at_a_word_with_one_ellipsis(text, short):
    assert excerpt(text, max_length=10) == short


def test_excerpt_does_not_split_a_grapheme():
    assert excerpt("a" * 8 + "e\u0301" + "bcd", max_length=10) == "a" * 8 + "…"


def test_hashtags_keep_the_apostrophe_inside_a_word():
    assert hashtags("#Перемир’я — 'so called #peace'") == ["Перемир’я", "peace"]


def test_hashtags_are_found_once_and_numbers_are_none():
    assert hashtags("#Peace and #мир, #1 again #Peace; a#b &#39; C#") == ["Peace", "мир"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two &amp; three</p>", "One two & three"),
        ("<script>alert(1)</script>kept", "kept"),
        ("AT&amp;amp;T", "AT&amp;T"),
        ("5 < 6 & 7 > 6", "5 < 6 & 7 > 6"),
        ("line\none\x00\x07 two", "line one two"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("z" + "\u0335" * 40, "z" + "\u0335" * 3),
        ("<b>unclosed", "unclosed"),
        ("a<br>b<br/>c", "a b c"),
    ],
)
def test_plain_text_is_one_clean_line(markup, text):
    assert plain_text(markup) == text
