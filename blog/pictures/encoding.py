"""Turns pixels into the files that readers get. Figures: docs/performance.md."""

import io
from typing import Any

from PIL import Image

from blog.pictures.colour import has_transparency
from blog.pictures.plan import THUMB_WIDTH, WHOLE, Focus, Rendition, crop_box, height_at
from blog.pictures.reading import Picture

# AVIF at speed 6 takes twice the time of speed 8 for a tenth fewer bytes; at 5, four times.
_OPTIONS: dict[str, dict[str, Any]] = {
    "avif": {"quality": 60, "speed": 6},
    "webp": {"quality": 78, "method": 4},
    "jpg": {"quality": 82, "progressive": True, "optimize": True},
    "png": {"compress_level": 6},
    "gif": {},
}
_NAMES = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG", "png": "PNG", "gif": "GIF"}
LARGEST_PNG_BYTES = 1_500_000
"""A PNG beyond that is a photograph in the wrong format: readers get it as JPEG."""


def published(picture: Picture) -> tuple[bytes, str]:
    """Return the file that every reader can show, feed readers too, and its extension."""
    if picture.animation is not None:
        return picture.animation, picture.format.lower()
    if has_transparency(picture.still):
        return encoded(picture.still, "png"), "png"
    if picture.format in {"PNG", "GIF"}:
        png = encoded(picture.still, "png")
        if len(png) <= LARGEST_PNG_BYTES:
            return png, "png"
    return encoded(picture.still, "jpg"), "jpg"


def published_as(picture: Picture, extension: str) -> bytes:
    """Return the public file for an address whose extension is given and must stay."""
    kind = {"jpeg": "jpg"}.get(extension, extension)
    if picture.animation is not None and kind == picture.format.lower():
        return picture.animation
    return encoded(picture.still, kind)


def thumbnail(picture: Picture) -> tuple[bytes, Rendition] | None:
    """Return the smallest rendition, for the library to show at once; None of what is small."""
    size = picture.still.size
    if picture.animation is not None or size[0] <= THUMB_WIDTH:
        return None
    made = Rendition(WHOLE, "webp", THUMB_WIDTH, height_at(WHOLE, THUMB_WIDTH, size))
    return render(picture.still, made, Focus()), made


def render(still: Image.Image, rendition: Rendition, focus: Focus) -> bytes:
    """Return the bytes of one rendition of an upright picture in sRGB."""
    box = crop_box(rendition.shape, still.size, focus)
    size = (rendition.width, rendition.height)
    resized = still.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    return encoded(resized, rendition.encoding)


def render_animation(file: bytes) -> bytes:
    """Return an animated GIF as an animated WebP of the same size."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(file), formats=["GIF"]) as image:
        image.save(out, "WEBP", save_all=True, quality=70, method=3)
    return out.getvalue()


def encoded(image: Image.Image, encoding: str) -> bytes:
    """Return an RGB or RGBA picture as a file without metadata."""
    out = io.BytesIO()
    flat = image if encoding != "jpg" else image.convert("RGB")
    flat.save(out, _NAMES[encoding], **_OPTIONS[encoding])
    return out.getvalue()
