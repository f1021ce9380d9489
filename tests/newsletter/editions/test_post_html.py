"""The whole text of a post in its mail: nothing from elsewhere, and readable without markup."""

import pytest

from newsletter.editions.post_html import mail_html, mail_text

LINK = "http://testserver/2026/11/24/a/"


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ('<p><a href="/x/">a</a></p>', '<p><a href="http://testserver/x/">a</a></p>'),
        ('<p>a<img src="/media/a.png" alt="b">c</p>', "<p>ac</p>"),
        (
            "<figure><img src='/a.png' alt=''><figcaption>x</figcaption></figure><p>y</p>",
            "<p>y</p>",
        ),
        ('<p>a<sup><a href="#fn-1" id="fnref-1">1</a></sup></p>', "<p>a<sup>1</sup></p>"),
        ('<p lang="uk" style="x" onclick="y">a</p>', '<p lang="uk">a</p>'),
        ("<script>x</script><iframe src='//a'></iframe><p>a</p>", "<p>a</p>"),
        ('<p><a href="javascript:x">a</a></p>', "<p><a>a</a></p>"),
    ],
)
def test_html_holds_text_and_links_alone(body, html):
    assert mail_html(body, link=LINK) == html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One &amp; two.</p><p>Three<br>four.</p>", "One & two.\n\nThree four."),
        ("<h2>Head</h2><ul><li>a</li><li><p>b</p></li></ul>", "Head\n\n• a\n\n• b"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "a · b\n\n1 · 2",
        ),
        (
            '<p><a href="https://a.example/?x=1&amp;y=2">A</a>.</p>',
            "A (https://a.example/?x=1&y=2).",
        ),
        ("no paragraph", "no paragraph"),
        ("", ""),
    ],
)
def test_text_keeps_what_the_markup_says(html, text):
    assert mail_text(html) == text
