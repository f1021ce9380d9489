"""Which renditions a picture gets, and how their files are called. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, NamedTuple

RECIPE = 1
"""Raised when renditions are made in another way: names carry it, as files are cached for ever."""
FOLDER = "pictures"
OLD_FOLDER = "images"
"""Where uploads lay before their metadata was taken off."""
WIDTHS = (400, 800, 1200, 1600, 2400)
FALLBACK_WIDTH = 1200
THUMB_WIDTH = 400
_NEARLY = 0.85
"""A width that is nearly that of the picture itself is not worth a file of its own."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A way to cut a picture. ``ratio`` is width by height; None: as it is."""

    name: str
    ratio: float | None
    widths: tuple[int, ...]


WHOLE = Shape("whole", None, WIDTHS)
WIDE = Shape("wide", 1.91, (400, 800, 1200))
SQUARE = Shape("square", 1.0, (200, 400))
SHAPES = {shape.name: shape for shape in (WHOLE, WIDE, SQUARE)}
ENCODINGS = ("avif", "webp")


class Focus(NamedTuple):
    """The point of a picture that no crop may lose, in per cent from the left and from the top."""

    x: int = 50
    y: int = 50


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file that is made of a picture."""

    shape: Shape
    encoding: str
    width: int
    height: int

    def name(self, focus: Focus) -> str:
        """Return the last part of its name; that of a crop changes with the focus."""
        at = "" if self.shape.ratio is None else f"-{focus.x}-{focus.y}"
        return f"{self.shape.name}{self.width}{at}.{RECIPE}.{self.encoding}"


def widths_of(shape: Shape, size: tuple[int, int]) -> list[int]:
    """Return the widths in which a picture of ``size`` is made, none larger than it is."""
    most = cropped_size(shape, size)[0]
    smaller = [width for width in shape.widths if width <= most * _NEARLY]
    is_small = most < shape.widths[0]
    own = [most] if shape.ratio is None and not is_small else []
    return smaller + (own or ([shape.widths[-1]] if most == shape.widths[-1] else []))


def cropped_size(shape: Shape, size: tuple[int, int]) -> tuple[int, int]:
    """Return how large the largest crop of a shape is."""
    width, height = size
    if shape.ratio is None:
        return size
    if width > height * shape.ratio:
        return max(1, round(height * shape.ratio)), height
    return width, max(1, round(width / shape.ratio))


def height_at(shape: Shape, width: int, size: tuple[int, int]) -> int:
    """Return the height of a rendition of ``width``."""
    if shape.ratio is not None:
        return max(1, round(width / shape.ratio))
    return max(1, round(width * size[1] / size[0]))


def crop_box(shape: Shape, size: tuple[int, int], focus: Focus) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the largest crop with the focus nearest its middle."""
    width, height = cropped_size(shape, size)
    left = _start(focus.x, size[0], width)
    top = _start(focus.y, size[1], height)
    return left, top, left + width, top + height


def renditions_of(
    size: tuple[int, int], *, extension: str, is_animated: bool = False
) -> Iterator[Rendition]:
    """Yield all that is to be made of a picture whose public file has ``extension``."""
    for shape in SHAPES.values():
        if is_animated and shape.ratio is None:
            if extension == "gif":
                yield Rendition(WHOLE, "webp", *size)
            continue
        for width in widths_of(shape, size):
            for encoding in ENCODINGS:
                yield Rendition(shape, encoding, width, height_at(shape, width, size))
    if not is_animated and size[0] * _NEARLY >= FALLBACK_WIDTH:
        height = height_at(WHOLE, FALLBACK_WIDTH, size)
        yield Rendition(WHOLE, extension, FALLBACK_WIDTH, height)


def folder_of(name: str) -> str:
    """Return the folder of a picture's renditions from the name of its public file.

    ``pictures/2026/11/<key>/full.jpg`` → ``pictures/2026/11/<key>``; an upload of former times,
    ``images/2026/11/<key>.jpg``, has them in ``pictures/old/2026/11/<key>``.
    """
    path = PurePosixPath(name)
    if path.parts[0] == FOLDER:
        return str(path.parent)
    inner = path.relative_to(OLD_FOLDER) if path.parts[0] == OLD_FOLDER else path
    return str(PurePosixPath(FOLDER, "old", inner.with_suffix("")))


def _start(percent: int, whole: int, part: int) -> int:
    middle = whole * percent / 100
    return round(min(max(middle - part / 2, 0), whole - part))


def listed(made: Mapping[str, Any] | None, shape: Shape, encoding: str) -> list[tuple[int, str]]:
    """Return width and last part of the name of each rendition that ``made`` says is there."""
    rows = (made or {}).get(shape.name, {}).get(encoding, [])
    return [(int(width), str(name)) for width, name in rows]
