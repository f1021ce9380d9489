"""What comes in from the clipboard keeps its meaning and leaves its dirt."""

import re

import pytest
from django.urls import reverse

from blog.cleaning import clean_html
from tests.browser.writing import EDITOR, paste, text_of
from tests.factories import make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(open_as_editor):
    post = make_post(body="", kind="opinion", status="draft", published_at=None)
    page = open_as_editor(reverse("admin:blog_post_change", args=[post.pk]))
    page.locator(".tiptap").wait_for()
    page.evaluate(f"{EDITOR}.commands.focus('end')")
    return page


def list_line(text, marker, level=1, number=0):
    return (
        "<p class=MsoListParagraph style='text-indent:-.25in;"
        f"mso-list:l{number} level{level} lfo1'>"
        "<![if !supportLists]><span style='mso-list:Ignore'>"
        f"{marker}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;</span></span>"
        f"<![endif]><span lang=EN-US>{text}<o:p></o:p></span></p>"
    )


WORD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator '
    'content="Microsoft Word 15"><style>p.MsoNormal {margin:0}</style></head><body lang=EN-GB>'
    "<!--StartFragment--><p class=MsoTitle>The title</p><h1>Part<o:p></o:p></h1>"
    "<p class=MsoNormal style='margin:0cm'><b style='mso-bidi-font-weight:normal'><span lang=EN-US "
    "style='font-size:12.0pt;color:red'>Bold</span></b> and <i>italic</i> and "
    "<span style='font-weight:bold'>heavy</span><o:p>&nbsp;</o:p></p>"
    "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
    + list_line("One", "·")
    + list_line("Inner", "o", level=2)
    + list_line("Two", "·")
    + list_line("First", "1.", number=1)
    + list_line("Second", "2.", number=1)
    + "<p class=MsoQuote>Quoted</p><table class=MsoTableGrid border=1 style='width:100%'><tr>"
    "<td width=300 colspan=1 style='border:solid'><p class=MsoNormal>Cell</p></td></tr></table>"
    "<p class=MsoNormal>See<a style='mso-footnote-id:ftn1' href='#_ftn1' name='_ftnref1'><span "
    "class=MsoFootnoteReference><span style='mso-special-character:footnote'>[1]</span></span></a>"
    " <img width=300 height=200 src='file:///C:/Temp/a.png'></p><!--EndFragment-->"
    "<div style='mso-element:footnote-list'><hr align=left size=1 width='33%'>"
    "<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a href='#_ftnref1'>"
    "<span>[1]</span></a> The note.</p></div></div></body></html>"
)
WORD_MEANS = (
    "<h2>The title</h2><h2>Part</h2><p><strong>Bold</strong> and <em>italic</em> and "
    "<strong>heavy</strong></p><ul><li><p>One</p><ul><li><p>Inner</p></li></ul></li>"
    "<li><p>Two</p></li></ul><ol><li><p>First</p></li><li><p>Second</p></li></ol>"
    "<blockquote><p>Quoted</p></blockquote>"
    "<table><tbody><tr><td><p>Cell</p></td></tr></tbody></table>"
    '<p>See<sup><a href="#fn-1" id="fnref-1" rel="noopener">1</a></sup></p>'
    '<ol><li id="fn-1"><p>The note.</p><a href="#fnref-1" rel="noopener">↩</a></li></ol>'
)
DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">'
    '<h2 dir="ltr" style="line-height:1.38"><span style="font-size:16pt;font-weight:700;">Part'
    '</span></h2><br><p dir="ltr"><span style="font-weight:400;">Plain, </span>'
    '<span style="font-weight:700;">bold, </span><span style="font-style:italic;">italic, </span>'
    '<span style="text-decoration:line-through;">gone, </span><span style="font-size:0.6em;'
    'vertical-align:super;">2</span> <a href="https://www.google.com/url?q=https://a.example/'
    '%3Fb%3Dc&amp;sa=D" style="text-decoration:none;"><span style="text-decoration:underline;">'
    'link</span></a></p><ul style="margin:0"><li dir="ltr" aria-level="1" style="font-weight:400">'
    '<p dir="ltr" role="presentation"><span>One</span></p></li><ul><li aria-level="2"><p>Inner</p>'
    '</li></ul></ul><p><span><img src="https://lh7-rt.googleusercontent.com/x" width="9"></span>'
    "</p><br></b>"
)
DOCS_MEAN = (
    "<h2>Part</h2><p>Plain, <strong>bold, </strong><em>italic, </em><s>gone, </s><sup>2</sup> "
    '<a href="https://a.example/?b=c" rel="noopener">link</a></p>'
    "<ul><li><p>One</p><ul><li><p>Inner</p></li></ul></li></ul>"
)
WRITER = (
    '<!DOCTYPE html><html><head><meta name="generator" content="LibreOffice 7.4"/></head>'
    '<body lang="en-GB" dir="ltr"><h1 class="western">Top</h1><h3 class="western">Part</h3>'
    '<p style="margin-bottom:0"><font face="Arial"><font size="3" style="font-size:12pt">'
    "<b>Bold</b></font></font> text<br/></p><ol><li><p>One</p></li></ol></body></html>"
)
WRITER_MEANS = (
    "<h2>Top</h2><h4>Part</h4><p><strong>Bold</strong> text</p><ol><li><p>One</p></li></ol>"
)
WEB = (
    '<nav><a href="/">Home</a></nav><article class="post" onclick="x()"><h1 id="top">Title</h1>'
    '<p style="color:red" class="lead">Text <script>alert(1)</script><a href="#more">more</a> '
    '<a href="javascript:alert(1)">bad</a> <a href="https://b.example/" target="_blank" '
    'onclick="y()">good</a></p><img src="https://t.example/1.gif" width="1" height="1">'
    '<figure><img src="https://b.example/a.jpg"><figcaption>A caption</figcaption></figure>'
    '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ" title="A film"></iframe>'
    '<iframe src="https://ads.example/"></iframe><form><input value="x"><button>Go</button></form>'
    "<h6>Small</h6><div>Loose</div></article>"
)
WEB_MEANS = (
    "<h2>Title</h2><p>Text more bad "
    '<a href="https://b.example/" rel="noopener">good</a></p><p>A caption</p>'
    '<figure><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ" rel="noopener">A film</a>'
    "</figure>"
    "<h4>Small</h4><p>Loose</p>"
)


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [(WORD, WORD_MEANS), (DOCS, DOCS_MEAN), (WRITER, WRITER_MEANS), (WEB, WEB_MEANS)],
    ids=["word", "docs", "writer", "web"],
)
def test_what_is_pasted_keeps_its_meaning_and_leaves_its_dirt(page, pasted, meant):
    paste(page, pasted, "plain")
    assert text_of(page) == meant
    assert clean_html(meant) == meant
    assert [words for words in page.complaints if "foreign request" in words] == []


@pytest.mark.parametrize(("pasted", "count"), [(WORD, 1), (DOCS, 1), (WEB, 1)])
def test_pictures_that_lie_elsewhere_are_left_out_with_a_word(page, pasted, count):
    paste(page, pasted)
    note = page.locator(".prose-notes")
    assert note.inner_text().startswith(f"Pictures left out: {count}. They lie elsewhere;")
    assert note.get_attribute("role") == "status"


def test_a_picture_of_our_own_comes_along(page):
    paste(page, '<p>A</p><img src="/media/images/a.png" alt="Ours">')
    assert text_of(page) == '<p>A</p><img src="/media/images/a.png" alt="Ours">'
    assert page.locator(".prose-notes").count() == 0


def test_what_is_copied_within_the_editor_stays_as_it_is(page):
    text = '<p lang="uk">Мир</p><h2>A</h2>'
    html = page.evaluate(
        f"""text => {{
          const {{ commands, view, state }} = {EDITOR};
          commands.setContent(text);
          const whole = view.state.doc.slice(0, view.state.doc.content.size);
          const {{ innerHTML }} = view.serializeForClipboard(whole).dom;
          {EDITOR}.chain().setContent('<p></p>').focus('end').run();
          return innerHTML;
        }}""",
        text,
    )
    paste(page, html)
    assert text in text_of(page)


def test_plain_text_becomes_paragraphs(page):
    paste(page, text="One <b>\n\nTwo")
    assert text_of(page) == "<p>One &lt;b&gt;</p><p>Two</p>"


def test_a_picture_file_goes_into_the_library_and_the_text(page):
    page.evaluate(
        """async () => {
          const canvas = new OffscreenCanvas(4, 3);
          canvas.getContext('2d').fillRect(0, 0, 4, 3);
          const blob = await canvas.convertToBlob({ type: 'image/png' });
          const data = new DataTransfer();
          data.items.add(new File([blob], 'road.png', { type: 'image/png' }));
          const init = { clipboardData: data, bubbles: true, cancelable: true };
          document.querySelector('.tiptap').dispatchEvent(new ClipboardEvent('paste', init));
        }"""
    )
    # What it shows is asked for where the library is.
    page.locator("#image-dialog .image-batch textarea").fill("A road")
    page.locator("#image-dialog .image-batch button").click()
    page.locator(".tiptap figure img").wait_for()
    assert re.fullmatch(
        r'<figure><img src="/media/[^"]+" alt="A road" width="4" height="3"></figure>',
        text_of(page),
    )
