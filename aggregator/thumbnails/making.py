"""Turns the bytes of an outside picture into the small files that we serve; raises PictureError.

The guard is that of uploads (blog.pictures.reading): content decides what it is, pixels are counted
before they are decoded, drawings are refused, metadata stays behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from django.utils.translation import gettext

from aggregator.models.thumbnail import SHAPE
from blog.pictures import encoding, plan, reading
from blog.pictures.errors import PictureError

MOST_BYTES = 5 * 1024 * 1024
_one_at_a_time = Lock()
"""However many come in, one is decoded at a time: that is what it may cost in memory."""


class TooSmallError(PictureError):
    """An icon, or something to count readers."""

    def __init__(self) -> None:
        super().__init__(gettext("The picture is too small to be shown."))


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a picture: files by the last part of their names, and their list."""

    width: int
    height: int
    files: Mapping[str, bytes]
    listed: Mapping[str, Mapping[str, Sequence[tuple[int, str]]]]


def make(body: bytes, *, name: str) -> Made:
    """Read a picture and return its small files; ``name`` is only for the sentences of errors."""
    with _one_at_a_time:
        still = reading.read(BytesIO(body), name=name).still
        widths = plan.widths_of(SHAPE, still.size)
        if not widths:
            raise TooSmallError
        files: dict[str, bytes] = {}
        listed: dict[str, list[tuple[int, str]]] = {kind: [] for kind in plan.ENCODINGS}
        for width in widths:
            for kind in plan.ENCODINGS:
                height = plan.height_at(SHAPE, width, still.size)
                rendition = plan.Rendition(SHAPE, kind, width, height)
                file = rendition.name(plan.Focus())
                files[file] = encoding.render(still, rendition, plan.Focus())
                listed[kind].append((width, file))
    return Made(*still.size, files, {SHAPE.name: listed})
