"""Two texts word by word."""

from hypothesis import given
from hypothesis import strategies as st

from blog.text import plain_text
from blog.wording import marked_words, paragraphs


def test_words_that_went_and_came_are_marked():
    marked = marked_words("The old bridge stands.", "The new bridge still stands.")
    assert marked.before == "The <del>old </del>bridge stands."
    assert marked.after == "The <ins>new </ins>bridge <ins>still </ins>stands."


def test_cyrillic_words_are_words():
    marked = marked_words("Старий міст стоїть", "Новий міст стоїть")
    assert marked.before == "<del>Старий </del>міст стоїть"


def test_markup_in_a_text_is_shown_and_not_obeyed():
    marked = marked_words("", "<script>alert(1)</script>")
    assert "<script>" not in marked.after
    assert plain_text(marked.after) == "<script>alert(1)</script>"


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_is_lost_of_either_text(before, after):
    marked = marked_words(before, after)
    for text, tag in [(before, "del"), (after, "ins")]:
        whole = marked.before if tag == "del" else marked.after
        bare = whole.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
        for entity, character in [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&"),
        ]:  # fmt: skip
            bare = bare.replace(entity, character)
        assert bare == text


def test_long_texts_are_compared_by_the_line():
    line = "word " * 2000 + "\n"
    marked = marked_words(line * 20, line * 19 + "another\n")
    assert marked.after.endswith("<ins>another\n</ins>")


def test_html_becomes_a_line_for_each_paragraph():
    assert paragraphs("<h2>One</h2><p>two &amp; <b>three</b></p><ul><li>four</li></ul>") == (
        "One\ntwo & three\nfour"
    )


def test_long_piece_that_both_share_is_shortened():
    shared = " ".join(f"word{number}" for number in range(300))
    marked = marked_words(f"Old {shared}", f"New {shared}")
    assert marked.after.startswith("<ins>New </ins>word0 word1 ")
    assert marked.after.count("[…]") == 1
    assert marked.after.endswith(" word299")
    assert "word150 " not in marked.after
