"""What tests do with the text editor."""

import time

from django.db import OperationalError

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


def meanwhile(work, *args, **kwargs):
    """Write to the database while a page asks of it; SQLite in memory does not wait by itself."""
    for _ in range(100):
        try:
            return work(*args, **kwargs)
        except OperationalError:
            time.sleep(0.03)
    return work(*args, **kwargs)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
        settle(page)


def settle(page):
    """Let the editor take the focus that it has been given: it does so with the next frame."""
    page.evaluate(
        "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
    )


def focused(page):
    return page.evaluate(
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    )


def to_tool(page, name):
    """Walk from the text to a button of the toolbar, by the arrow key."""
    settle(page)
    press(page, "Alt+F10")
    seen = []
    while focused(page) != name:
        seen.append(focused(page))
        assert len(seen) < 60, seen
        press(page, "ArrowRight")


def use(page, name):
    to_tool(page, name)
    press(page, "Enter")
    settle(page)
