"""What tests do with the text editor."""

from blog.models import Post

EDITOR = "document.querySelector('.tiptap').editor"


def text_of(page):
    """Return the HTML that the form would send."""
    return page.evaluate("id_body.value")


def set_text(page, html):
    """Put a text into the editor, with the cursor at its end."""
    page.evaluate(
        f"html => {EDITOR}.chain().setContent(html, {{ emitUpdate: true }}).focus('end').run()",
        html,
    )


def paste(page, html="", text=""):
    """Paste into the editor what another program has put on the clipboard."""
    page.evaluate(
        """([html, text]) => {
          const data = new DataTransfer();
          if (html) data.setData('text/html', html);
          data.setData('text/plain', text);
          const init = { clipboardData: data, bubbles: true, cancelable: true };
          const event = new ClipboardEvent("paste", init);
          document.querySelector('.tiptap').dispatchEvent(event);
        }""",
        [html, text],
    )


def save(page):
    """Save by the keyboard; return the post."""
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    page.wait_for_load_state("networkidle")
    return Post.objects.get()
