"""Which of the pictures that an item names is the best one to show. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

LARGEST_PX = 2000
SMALLEST_PX = 50
_LOOKED_AT = 20_000
_TAG = re.compile(r"<img\b[^>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"\s(src|width|height)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.IGNORECASE
)


class Kind(IntEnum):
    """Where a picture is named, and as how wide it counts where its width is not, in pixels."""

    THUMBNAIL = 150
    ICON = 300
    ENCLOSURE = 639
    CONTENT = 640


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that an item names; sizes as written."""

    url: str
    kind: Kind
    width: str = ""
    height: str = ""


def best_picture(pictures: Iterable[Picture], *, markup: str = "") -> str:
    """Return the address of the best of ``pictures``, else of the first in the text, else "".

    That is the widest up to LARGEST_PX; pictures to count readers, and icons, are none.
    """
    shown = [picture for picture in pictures if picture.url.strip() and not _is_tiny(picture)]
    if shown:
        return max(shown, key=_rank).url
    return _first_in(markup)


def _rank(picture: Picture) -> tuple[int, Kind]:
    width = _pixels(picture.width) or int(picture.kind)
    return (width if width <= LARGEST_PX else int(Kind.THUMBNAIL), picture.kind)


def _is_tiny(picture: Picture) -> bool:
    sizes = (_pixels(picture.width), _pixels(picture.height))
    return any(size is not None and size < SMALLEST_PX for size in sizes)


def _pixels(value: str) -> int | None:
    value = value.strip().removesuffix("px")
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= 6 else None


def _first_in(markup: str) -> str:
    for tag in _TAG.finditer(markup[:_LOOKED_AT]):
        values = {
            match[1].lower(): match[2] or match[3] or match[4] or ""
            for match in _ATTRIBUTE.finditer(tag[0])
        }
        src = values.get("src", "").strip()
        picture = Picture(src, Kind.CONTENT, values.get("width", ""), values.get("height", ""))
        if src and not src.startswith("data:") and not _is_tiny(picture):
            return src.replace("&amp;", "&")
    return ""
