"""An XML document that is written from its beginning to its end. Pure."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from xml.sax.xmlreader import AttributesImpl

from django.utils.xmlutils import SimplerXMLGenerator


class Document:
    """Elements in the order in which they are added."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self._xml = SimplerXMLGenerator(self._text, "utf-8", short_empty_elements=True)
        self._xml.startDocument()

    @contextmanager
    def within(self, name: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        """Put what is added meanwhile into an element."""
        self._xml.startElement(name, AttributesImpl(dict(attributes or {})))
        yield
        self._xml.endElement(name)

    def add(self, name: str, text: str = "", attributes: Mapping[str, str] | None = None) -> None:
        """Add an element that holds nothing but ``text``."""
        self._xml.addQuickElement(name, text, dict(attributes or {}))

    def to_bytes(self) -> bytes:
        """Return the document in UTF-8."""
        self._xml.endDocument()
        return self._text.getvalue().encode()
