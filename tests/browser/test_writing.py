"""Writing a post in a browser, mostly by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from blog.models import Page, Post, Tag
from tests.browser.test_pages import RULES
from tests.browser.writing import (
    EDITOR,
    focused,
    press,
    save,
    set_text,
    settle,
    text_of,
    to_tool,
    use,
)
from tests.factories import make_category, make_image

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADD = reverse("admin:blog_post_add")


def test_toolbar_is_walked_and_used_by_keyboard(write):
    page = write()
    press(page, "Control+Shift+ArrowLeft")
    use(page, "Bold")
    assert text_of(page) == "<p>One <strong>two</strong></p>"
    assert focused(page) == "Text"
    to_tool(page, "Bold")
    assert page.evaluate("document.activeElement.ariaPressed") == "true"
    press(page, "Escape")
    assert focused(page) == "Text"
    # One stop for the Tab key, and backwards it leads to where one was.
    press(page, "Shift+Tab")
    assert focused(page) == "Bold"
    press(page, "Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "id_standfirst"
    assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_tool_has_a_name_and_the_form_is_accessible(write, scheme):
    body = "<blockquote><p>a</p></blockquote><table><tr><td>b</td></tr></table>"
    page = write(body, color_scheme=scheme)
    names = page.evaluate(
        "[...document.querySelectorAll('.prose-toolbar :is(button, select)')]"
        ".map((tool) => tool.getAttribute('aria-label') || tool.textContent)"
    )
    assert [name for name in names if not name.strip()] == []
    # Django's own choosers of related rows are not ours to mend.
    where = {"include": [".writing-columns"], "exclude": [".select2-container"]}
    results = Axe().run(page, context=where, options=RULES)
    assert [violation["id"] for violation in results.response["violations"]] == []


@pytest.mark.parametrize("width", [360, 1440])
def test_the_form_fits_and_the_toolbar_stays_in_sight(write, width):
    page = write("<p>Words.</p>" * 80, width=width)
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    page.evaluate(f"{EDITOR}.commands.focus('end')")
    settle(page)
    page.wait_for_function("() => scrollY > 900")
    box = page.locator(".prose-toolbar").bounding_box()
    assert 0 <= box["y"] < 120


def test_the_key_for_saving_saves(write):
    page = write()
    page.keyboard.type(" three")
    assert save(page).body == "<p>One two three</p>"
    assert page.url.endswith("/change/")


def test_the_key_for_saving_saves_a_page_too(open_as_editor):
    page = open_as_editor(reverse("admin:blog_page_add"))
    page.fill("#id_title", "About us")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    assert page.url.endswith("/change/")
    assert Page.objects.get().title == "About us"


def test_a_title_alone_is_an_opinion_with_its_tags(open_as_editor):
    category = make_category(name="Review")
    page = open_as_editor(ADD)
    page.fill("#id_title", "#Peace is more than a truce")
    page.select_option("#id_kind", "opinion")
    page.evaluate(
        "pk => document.querySelector('#id_category').append(new Option('Review', pk, true, true))",
        category.pk,
    )
    post = save(page)
    assert (post.kind, post.body, list(post.tags.names())) == ("opinion", "", ["Peace"])
    assert page.complaints == []


def test_headings_lists_code_and_lines_are_made_by_keyboard(write):
    page = write("")
    page.keyboard.type("## A heading")
    press(page, "Enter")
    page.keyboard.type("- one")
    press(page, "Enter")
    page.keyboard.type("two")
    press(page, "Tab", "Enter", "Enter", "Enter")
    use(page, "Numbered list")
    page.keyboard.type("first")
    press(page, "Enter", "Enter")
    page.keyboard.type("`code`, H")
    use(page, "Subscript")
    page.keyboard.type("2")
    use(page, "Line between parts")
    page.keyboard.type("``` ")
    page.keyboard.type("x = 1")
    assert text_of(page) == (
        "<h2>A heading</h2><ul><li><p>one</p><ul><li><p>two</p></li></ul></li></ul>"
        "<ol><li><p>first</p></li></ol><p><code>code</code>, H<sub>2</sub></p><hr>"
        "<pre><code>x = 1</code></pre>"
    )


def test_a_quote_names_its_source_and_ends(write):
    page = write("<p>Nobody asked us.</p>")
    use(page, "Quote")
    use(page, "Source of the quote")
    page.keyboard.type("A shopkeeper")
    press(page, "Enter")
    page.keyboard.type("And so on.")
    assert save(page).body == (
        "<blockquote><p>Nobody asked us.</p><p><cite>A shopkeeper</cite></p></blockquote>"
        "<p>And so on.</p>"
    )


def test_a_link_is_made_changed_and_taken_away(write):
    page = write()
    press(page, "Control+Shift+ArrowLeft", "Control+k")
    page.keyboard.type("example.org/a")
    press(page, "Enter")
    assert text_of(page) == ('<p>One <a href="https://example.org/a" rel="noopener">two</a></p>')
    press(page, "Control+k", "Control+a")
    page.keyboard.type("javascript:alert(1)")
    press(page, "Enter")
    assert "https://example.org/a" in text_of(page)
    use(page, "Remove link")
    assert text_of(page) == "<p>One two</p>"


def test_a_table_grows_shrinks_and_has_a_caption(write):
    page = write("")
    use(page, "Table")
    page.keyboard.type("A")
    press(page, "Tab")
    page.keyboard.type("B")
    use(page, "Delete column")
    use(page, "Delete column")
    use(page, "Row below")
    use(page, "Delete row")
    use(page, "Delete row")
    use(page, "Column after")
    use(page, "Caption of the table")
    page.keyboard.type("Figures")
    press(page, "Enter")
    assert page.locator(".tiptap caption").inner_text() == "Figures"
    assert text_of(page).startswith("<table><caption>Figures</caption><tbody><tr>")
    assert text_of(page).count("<th") == 2
    use(page, "Heading row")
    assert text_of(page).count("<th") == 0
    use(page, "Delete table")
    assert "<table" not in text_of(page)


TABLE = "<table><tbody><tr><td><p>A</p></td><td><p>B</p></td></tr></tbody></table>"
NOTED = '<p>One<sup><a href="#fn-1">1</a></sup></p>'
NOTE = '<ol><li id="fn-1"><p>note</p><a href="#fnref-1">↩</a></li></ol>'


def go_to_cell(page, number):
    page.locator(".tiptap td").nth(number).click()
    settle(page)


@pytest.mark.parametrize("cell", [0, 1])
def test_the_arrow_keys_lead_out_of_a_table_that_is_all_the_text(write, cell):
    page = write(TABLE)
    go_to_cell(page, cell)
    press(page, "ArrowDown")
    page.keyboard.type("below")
    go_to_cell(page, cell)
    press(page, "ArrowUp")
    page.keyboard.type("above")
    assert text_of(page) == f"<p>above</p>{TABLE}<p>below</p>"


def test_the_arrow_keys_make_no_line_where_there_is_one(write):
    page = write(f"<p>above</p>{TABLE}<p>below</p>")
    before = text_of(page)
    for key in ("ArrowDown", "ArrowUp"):
        go_to_cell(page, 0)
        press(page, key)
    assert text_of(page) == before


def test_a_line_below_a_table_stands_before_the_footnotes(write):
    page = write(f"{NOTED}{TABLE}{NOTE}")
    go_to_cell(page, 1)
    press(page, "ArrowDown")
    page.keyboard.type("below")
    assert f"{TABLE}<p>below</p><ol>" in text_of(page)


def test_a_click_below_the_last_table_makes_a_line(write):
    page = write(TABLE)
    text = page.locator(".tiptap")
    text.click(position={"x": 100, "y": text.bounding_box()["height"] - 8})
    settle(page)
    page.keyboard.type("below")
    assert text_of(page) == f"{TABLE}<p>below</p>"


def test_words_and_minutes_are_counted_as_the_site_counts_them(write):
    body = (
        "<p>One two</p><ul><li>three<ul><li>four</li></ul></li></ul><p>five<br>six "
        '<sup><a href="#fn-1" id="fnref-1">1</a></sup></p><table><caption>seven</caption>'
        "<tbody><tr><td>eight</td><td>nine</td></tr></tbody></table><pre><code>a\nb</code></pre>"
        "<dl><dt>c</dt><dd>d</dd></dl><ol><li id='fn-1'><p>e</p><a href='#fnref-1'>↩</a></li></ol>"
    )
    page = write(body)
    assert page.locator(".prose-count").inner_text() == "Words: 14 · 1 min read"
    assert save(page).word_count == 14
    set_text(page, "<p>" + "word " * 550 + "</p>")
    page.get_by_text("Words: 550 · 2 min read").wait_for()
    post = save(page)
    assert (post.word_count, post.reading_time_min) == (550, 2)


def test_source_view_takes_in_what_the_site_keeps_and_nothing_else(write):
    page = write()
    use(page, "HTML")
    area = page.locator("dialog[open] textarea")
    assert area.input_value() == "<p>One two</p>"
    area.fill(
        '<p onclick="x()">A <b>b</b><script>1</script></p><iframe src="https://x.example"></iframe>'
        '<img src="https://x.example/a.png"><h2 style="color:red">C</h2>'
    )
    page.locator("dialog[open] [type=submit]").click()
    assert text_of(page) == "<p>A <strong>b</strong></p><h2>C</h2>"
    assert [words for words in page.complaints if "foreign" in words] == []


def test_undo_and_redo(write):
    page = write()
    page.keyboard.type(" three")
    use(page, "Undo")
    assert text_of(page) == "<p>One two</p>"
    use(page, "Redo")
    assert text_of(page) == "<p>One two three</p>"


def test_a_picture_comes_from_the_library_with_caption_and_credit(write):
    image = make_image(alt="A road", caption="The pass", credit="Ada")
    page = write()
    use(page, "Picture")
    page.locator("#image-dialog .image-grid button").first.click()
    page.locator("#image-dialog .image-words .default").click()
    figure = page.locator(".tiptap figure")
    figure.wait_for()
    body = save(page).body
    assert body.startswith(f'<p>One two</p><figure><img src="{image.file.url}" alt="A road"')
    assert "<figcaption>The pass · Ada</figcaption></figure>" in body
    page.locator(".tiptap figcaption").click()
    use(page, "Describe the picture")
    page.keyboard.press("Control+a")
    page.keyboard.type("A road in snow")
    press(page, "Enter")
    assert 'alt="A road in snow"' in save(page).body


def test_tags_are_completed_by_keyboard_and_new_ones_typed(write):
    Tag.objects.create(name="New York")
    Tag.objects.create(name="News")
    page = write()
    page.focus("#id_tags")
    page.keyboard.type("first, new")
    options = page.locator("[role=option]")
    options.first.wait_for()
    assert options.all_inner_texts() == ["New York", "News"]
    assert page.get_attribute("#id_tags", "aria-expanded") == "true"
    press(page, "ArrowDown", "ArrowDown", "ArrowUp", "Enter")
    assert page.input_value("#id_tags") == "first, New York, "
    assert page.get_attribute("#id_tags", "aria-expanded") == "false"
    assert sorted(save(page).tags.names()) == ["New York", "first"]


def test_a_post_shows_how_it_will_look_before_it_is_saved(write):
    page = write()
    page.fill("#id_title", "#Typed just now")
    page.get_by_role("button", name="How it will look").press("Enter")
    frame = page.frame_locator("#appearance iframe")
    frame.locator(".in-search .title").wait_for()
    assert frame.locator(".in-search .title").inner_text().startswith("#Typed just now – ")
    assert frame.locator("article h2").inner_text() == "#Typed just now"
    assert frame.locator(".in-feed").inner_text().startswith("#Typed just now\n\nOne two")
    press(page, "Escape")
    assert page.locator("#appearance").is_hidden()
    assert Post.objects.get().title == "A draft"
    assert page.complaints == []
