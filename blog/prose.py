"""The text editor: what it offers, what it says, and the form field behind it."""

import json
import re
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import ImportMap, Media

from blog.cleaning import clean_html, own_places
from blog.models.post import WORDS_PER_MINUTE

# The parts by their names in static/js/editor/ and in the library. What they put into a text is
# what blog.cleaning keeps of it, to the letter; tests/browser/test_editor_schema.py holds that.
EXTENSIONS: dict[str, Any] = {
    "NoSpellCheck": False,
    **dict.fromkeys("Document TextLanguage Paste History HTML".split(), True),
    **dict.fromkeys("Bold Italic Strike Subscript Superscript Code CodeBlock".split(), True),
    **dict.fromkeys("Underline Small Marked Abbreviation Keys InlineQuote Cite".split(), True),
    **dict.fromkeys("BulletList OrderedList ListItem Terms Term Description".split(), True),
    **dict.fromkeys("Blockquote HorizontalRule HardBreak Link".split(), True),
    **dict.fromkeys("Image Figure FigureOfBlocks Caption Video".split(), True),
    **dict.fromkeys("Table TableRow TableHeader TableCell".split(), True),
    **dict.fromkeys("FootnoteMark Footnotes Footnote".split(), True),
    "Beyond": True,
    "Heading": {"levels": [2, 3, 4]},
    "Count": {"wordsPerMinute": WORDS_PER_MINUTE},
}
MODULES = (
    *"addresses beyond count figure footnotes glance inline link lists notes paste quote".split(),
    *"source table tidy tidy_word toolbar tools video words".split(),
)
# The scripts name each other by these names, and the page says where each lies: the files of a
# deployment have a mark of their content in their names.
IMPORTS = {f"editor/{name}": f"js/editor/{name}.js" for name in MODULES} | {
    "editor/videos": "js/videos.js",
    "editor/image_library": "js/image_library.js",
}
WORDS = (
    _("Address"),
    _("Address of a video or a page"),
    _("Alt+F10 leads to the toolbar."),
    _("Apply"),
    _("Back to the text"),
    _("Bold"),
    _("Caption"),
    _("Caption of the table"),
    _("Code"),
    _("Code block"),
    _("Column after"),
    _("Column before"),
    _("Delete column"),
    _("Delete row"),
    _("Delete table"),
    _("Describe the picture"),
    _("Description for those who do not see the picture"),
    _("Footnote"),
    _("Formatting"),
    _("HTML"),
    _("Heading 2"),
    _("Heading 3"),
    _("Heading 4"),
    _("Heading column"),
    _("Heading row"),
    _("Insert"),
    _("Italic"),
    _("Join or split cells"),
    _("Leads to (an address, or nothing)"),
    _("Leave it a link"),
    _("Line between parts"),
    _("Link"),
    _("Links"),
    _("List"),
    _("Make a card"),
    _("Numbered list"),
    _("Paragraph"),
    _("Paragraphs"),
    _("Picture"),
    _("Pictures left out: %s. They lie elsewhere; put them in through the image library."),
    _("Quote"),
    _("Redo"),
    _("Remove link"),
    _("Row above"),
    _("Row below"),
    _("Show “%s” as a card?"),
    _("Source of the quote"),
    _("Struck through"),
    _("Style of the paragraph"),
    _("Subscript"),
    _("Superscript"),
    _("Table"),
    _("Text"),
    _("The image library does not answer. Nothing was taken in."),
    _("The text as HTML"),
    _("Title (shown on hover)"),
    _("Undo"),
    _("Undo and redo"),
    _("Video on %s"),
    _("Video or card from an address"),
    _("Whole text"),
    _("Words"),
    _("Words: %s · %s min read"),
    _("“%s” is no web address: it begins with https:// or http://."),
)
"""Every word that the scripts of the editor show, by which they ask for it."""


_EMPTY = re.compile(r"(?:<p>(?:\s|&nbsp;|<br>)*</p>\s*)*")


class ProseWidget(AdminProseEditorWidget):  # type: ignore[misc]  # the library has no types
    """A text area that becomes the editor."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(config={"extensions": EXTENSIONS}, preset="configurable", **kwargs)

    @property
    def media(self) -> forms.Media:
        """Add our own scripts under the names by which they call each other."""
        own = Media(importmap=ImportMap(IMPORTS), css={"all": ["css/newsroom/editor.css"]})
        whole: forms.Media = super().media + own
        return whole

    def get_config(self) -> dict[str, Any]:
        """Return what the editor's script is told."""
        config: dict[str, Any] = super().get_config()
        return config | {"js_modules": [static("js/editor/extensions.js")]}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the words of the editor, and where this site's own pictures lie."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        told: dict[str, Any] = context["widget"]["attrs"]
        told["data-words"] = json.dumps({text: gettext(text) for text in WORDS})
        told["data-own-places"] = json.dumps(own_places())
        return context


class ProseField(forms.CharField):
    """Formatted text: written in an editor, cleaned by the site's one allow-list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("strip", False)
        super().__init__(widget=ProseWidget(), **kwargs)

    def clean(self, value: Any) -> str:
        """Return the cleaned HTML; an editor's empty paragraphs count as nothing."""
        cleaned = clean_html(super().clean(value) or "")
        return "" if _EMPTY.fullmatch(cleaned) else cleaned
