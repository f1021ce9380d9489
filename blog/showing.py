"""How a picture stands in a page: ``<picture>`` with what is made of it, or the one file."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Protocol

from blog.models import Image
from blog.pictures import plan
from blog.usage import IMG, address_in, name_at, names_in

IN_TEXT = "(min-width: 44rem) 42rem, 92vw"
"""How wide a picture is in a text: the ``sizes`` of static/css/layout.css."""
_TYPES = {"avif": "image/avif", "webp": "image/webp"}
_KEPT = re.compile(r'\s(alt|title|lang|dir)="[^"]*"')
_EMPTY_FIGURE = re.compile(
    r"<figure>\s*<!--gone-->\s*(?:<figcaption>.*?</figcaption>)?\s*</figure>", re.DOTALL
)


class Showable(Protocol):
    """What can be shown: a picture of the library, or another of which files were made."""

    @property
    def made(self) -> Mapping[str, Any]:
        """Shape → encoding → list of width and name."""

    @property
    def width(self) -> int:
        """In pixels, as ``height`` is, of the whole picture."""

    @property
    def height(self) -> int:
        """See ``width``."""

    @property
    def base_url(self) -> str:
        """Where its files lie."""

    @property
    def fallback(self) -> tuple[str, int, int]:
        """Address, width and height of the file that is taken where no other is understood."""


def picture_html(
    image: Showable, *, sizes: str, shape: plan.Shape = plan.WHOLE, attributes: str = ""
) -> str:
    """Return the HTML of a picture. ``attributes`` are those of ``<img>``, as HTML, alt among them.

    Only what is made is named: so no address in a page leads to nothing, and no page waits.
    """
    base = image.base_url
    sources = "".join(_source(image, base, shape, encoding, sizes) for encoding in _TYPES)
    img = f"<img{_address(image, shape, base)}{attributes}>"
    return f"<picture>{sources}{img}</picture>" if sources else img


def _source(image: Showable, base: str, shape: plan.Shape, encoding: str, sizes: str) -> str:
    made = plan.listed(image.made, shape, encoding)
    if not made:
        return ""
    addresses = ", ".join(f"{base}{name} {width}w" for width, name in made)
    return (
        f'<source type="{_TYPES[encoding]}" srcset="{escape(addresses)}" sizes="{escape(sizes)}">'
    )


def _address(image: Showable, shape: plan.Shape, base: str) -> str:
    """Return the fall-back with the size of its box: the same whichever source is taken."""
    made = plan.listed(image.made, shape, "webp")
    if shape.ratio is not None and made:
        width, name = made[-1]
        height = plan.height_at(shape, width, (image.width, image.height))
        return f' src="{escape(base + name)}" width="{width}" height="{height}"'
    address, width, height = image.fallback
    return f' src="{escape(address)}" width="{width}" height="{height}"'


def with_pictures(markup: str) -> str:
    """Show our pictures in a text that clean_html() has written. One query, none without any."""
    names = names_in(markup)
    if not names:
        return markup
    images = {str(image.file.name): image for image in Image.objects.filter(file__in=names)}
    shown = IMG.sub(lambda match: _in_text(match[0], images), markup)
    return _EMPTY_FIGURE.sub("", shown).replace("<!--gone-->", "")


def _in_text(tag: str, images: dict[str, Image]) -> str:
    name = name_at(address_in(tag))
    image = images.get(name)
    if image is not None:
        attributes = _joined(match[0] for match in _KEPT.finditer(tag))
        if ' alt="' not in attributes:
            attributes += f' alt="{escape(image.alt)}"'
        lazy = attributes + ' loading="lazy" decoding="async"'
        return picture_html(image, sizes=IN_TEXT, attributes=lazy)
    # Files of a deleted picture are gone; one of former times may still be there without a row.
    return "<!--gone-->" if name.startswith(f"{plan.FOLDER}/") else tag


def _joined(parts: Iterable[str]) -> str:
    return "".join(parts)
