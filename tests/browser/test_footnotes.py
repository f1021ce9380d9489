"""Footnotes: written, moved, deleted, read."""

import pytest

from tests.browser.writing import EDITOR, press, save, set_text, text_of, use
from tests.factories import make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def mark(number):
    return f'<sup><a href="#fn-{number}" id="fnref-{number}" rel="noopener">{number}</a></sup>'


def notes(*texts):
    items = "".join(
        f'<li id="fn-{number}"><p>{text}</p><a href="#fnref-{number}" rel="noopener">↩</a></li>'
        for number, text in enumerate(texts, 1)
    )
    return f"<ol>{items}</ol>" if items else ""


TWO = f"<p>One{mark(1)} two{mark(2)}</p>" + notes("first", "second")


def select(page, text):
    """Put the cursor behind a text."""
    page.evaluate(
        f"""text => {{
          const editor = {EDITOR};
          editor.state.doc.descendants((node, pos) => {{
            const at = node.isText ? node.text.indexOf(text) : -1;
            if (at >= 0) editor.chain().setTextSelection(pos + at + text.length).focus().run();
          }});
        }}""",
        text,
    )
    page.wait_for_timeout(50)


def test_a_note_is_written_where_the_cursor_goes_and_numbered_by_its_place(write):
    page = write("<p>One two</p>")
    press(page, "Control+Alt+f")
    page.keyboard.type("of two")
    press(page, "Control+Enter")
    page.keyboard.type(" three")
    select(page, "One")
    use(page, "Footnote")
    page.keyboard.type("of one")
    press(page, "Enter")
    page.keyboard.type("goes on")
    assert save(page).body == (
        f"<p>One{mark(1)} two{mark(2)} three</p>" + notes("of one<br>goes on", "of two")
    )
    assert page.complaints == []


def test_deleting_a_number_takes_its_note_along_and_undo_brings_both_back(write):
    page = write(TWO)
    select(page, "One")
    press(page, "Delete")
    assert text_of(page) == f"<p>One two{mark(1)}</p>" + notes("second")
    press(page, "Control+z")
    assert text_of(page) == TWO
    select(page, " two")
    press(page, "Delete")
    select(page, "One")
    press(page, "Delete")
    assert text_of(page) == "<p>One two</p>"


def test_moving_a_number_moves_its_note(write):
    page = write(TWO)
    page.evaluate(
        f"""() => {{
          const editor = {EDITOR};
          const marks = [];
          editor.state.doc.descendants((node, pos) => {{
            if (node.type.name === 'footnoteMark') marks.push({{ node, pos }});
          }});
          const {{ tr }} = editor.state;
          tr.delete(marks[1].pos, marks[1].pos + 1).insert(1, marks[1].node);
          editor.view.dispatch(tr);
        }}"""
    )
    assert text_of(page) == f"<p>{mark(1)}One{mark(2)} two</p>" + notes("second", "first")


def test_a_number_that_is_copied_has_a_note_of_its_own(write):
    page = write(TWO)
    copied = "{ type: 'footnoteMark', attrs: { number: 2 } }"
    page.evaluate(f"() => {EDITOR}.commands.insertContentAt(1, {copied})")
    assert text_of(page) == (
        f"<p>{mark(1)}One{mark(2)} two{mark(3)}</p>" + notes("second", "first", "second")
    )


def test_deleting_a_note_takes_its_number_along(write):
    page = write(TWO)
    page.evaluate(
        f"""() => {{
          const editor = {EDITOR};
          editor.state.doc.descendants((node, pos) => {{
            if (node.type.name === 'footnote' && node.attrs.number === 1) {{
              editor.view.dispatch(editor.state.tr.delete(pos, pos + node.nodeSize));
            }}
          }});
        }}"""
    )
    assert text_of(page) == f"<p>One two{mark(1)}</p>" + notes("second")


def test_the_way_goes_back_and_forth_by_mouse_too(write):
    page = write(TWO)
    page.locator(".tiptap sup").nth(1).click()
    page.wait_for_timeout(100)
    page.keyboard.type("!")
    assert "second!" in text_of(page)
    page.get_by_role("button", name="Back to the text").nth(0).click()
    page.wait_for_timeout(100)
    page.keyboard.type("?")
    assert f"One{mark(1)}? two" in text_of(page)


def test_a_long_text_with_many_notes_stays_quick(write):
    page = write("<p>a</p>")
    many = 150
    body = "".join(f"<p>{'word ' * 40}{mark(number)}</p>" for number in range(1, many + 1))
    set_text(page, body + notes(*["note"] * many))
    took_ms = page.evaluate(
        f"""() => {{
          const editor = {EDITOR};
          const start = performance.now();
          for (let i = 0; i < 50; i++) editor.commands.insertContentAt(1, 'x');
          return (performance.now() - start) / 50;
        }}"""
    )
    assert took_ms < 60


def test_readers_go_to_the_note_and_back(open_page, review):
    post = make_post(title="With notes", body=TWO)
    page = open_page(post.get_absolute_url())
    page.locator("[role=doc-noteref]").nth(1).click()
    assert page.evaluate("location.hash") == "#fn-2"
    back = page.locator("#fn-2 [role=doc-backlink]")
    assert back.get_attribute("aria-label") == "Back to the text"
    back.click()
    assert page.evaluate("location.hash") == "#fnref-2"
    assert page.complaints == []
