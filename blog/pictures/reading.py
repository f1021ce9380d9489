"""Reads a file as a picture, or says why it is none. What it is, its content alone decides."""

import hashlib
from dataclasses import dataclass
from os import SEEK_END
from typing import IO

import pillow_heif
from PIL import Image, ImageFile

from blog.pictures.colour import to_srgb, upright
from blog.pictures.errors import (
    DamagedError,
    DrawingError,
    NotAPictureError,
    TooLargeError,
    TooLongError,
    TooManyPixelsError,
)
from blog.pictures.stripping import strippers

# Only these of Pillow's readers ever see a byte from outside.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF")
MAX_BYTES = 25 * 1024 * 1024
# A pixel takes four bytes while it is decoded, whatever becomes of it.
MAX_PIXELS = 36_000_000
# The JPEG of a camera is read at a half or a quarter of its size, row by row …
MAX_PIXELS_BASELINE_JPEG = 85_000_000
# … but a progressive one is held whole, at up to six bytes a pixel.
MAX_PIXELS_PROGRESSIVE_JPEG = 24_000_000
MAX_FRAMES = 1000
MAX_PIXELS_OF_ALL_FRAMES = 200_000_000
LONGEST_SIDE = 2400
"""The longer side of what becomes public, in pixels."""

_SNIFFED = 1024

pillow_heif.register_heif_opener()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was decoded to its end and found sound.

    ``still`` is upright, in sRGB, without metadata and at most LONGEST_SIDE long: of an animation
    its first frame. ``animation`` is the file of one, without metadata, None for all else.
    """

    format: str
    digest: str
    still: Image.Image
    animation: bytes | None


def read(file: IO[bytes], *, name: str, is_kept: bool = False) -> Picture:
    """Read a file from its beginning; ``name`` is only for the sentences.

    One that ``is_kept`` here already is read whatever its size: what was taken in stays.

    Raises PictureError.
    """
    digest = digest_of(file, name=name, max_bytes=None if is_kept else MAX_BYTES)
    with _opened(file, name=name) as image:
        kind = "JPEG" if image.format == "MPO" else str(image.format)
        if not is_kept:
            _check_pixels(image, name=name)
        try:
            animation = _animation(file, image, kind, name=name)
            still = upright(to_srgb(_decoded(image, kind), longest_side=LONGEST_SIDE), image)
        except (TooLongError, TooManyPixelsError):
            raise
        except Exception as error:  # the decoders raise whatever they stumble over
            raise DamagedError(name) from error
    return Picture(format=kind, digest=digest, still=still, animation=animation)


def digest_of(file: IO[bytes], *, name: str, max_bytes: int | None = MAX_BYTES) -> str:
    """Return what tells a file from all others (SHA-256); raises TooLargeError."""
    file.seek(0, SEEK_END)
    if max_bytes is not None and file.tell() > max_bytes:
        raise TooLargeError(name, max_bytes=max_bytes)
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
    return digest.hexdigest()


def _opened(file: IO[bytes], *, name: str) -> ImageFile.ImageFile:
    """Read the header alone."""
    file.seek(0)
    head = file.read(_SNIFFED)
    file.seek(0)
    try:
        return Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixelsError(name, max_pixels=MAX_PIXELS) from error
    except Exception as error:  # the readers of headers too
        if b"<svg" in head.lower():
            raise DrawingError(name) from error
        if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8")):
            raise DamagedError(name) from error
        raise NotAPictureError(name) from error


def _check_pixels(image: Image.Image, *, name: str) -> None:
    max_pixels = MAX_PIXELS
    if image.format in {"JPEG", "MPO"}:
        is_progressive = bool(image.info.get("progressive"))
        max_pixels = MAX_PIXELS_PROGRESSIVE_JPEG if is_progressive else MAX_PIXELS_BASELINE_JPEG
    if image.width * image.height > max_pixels:
        raise TooManyPixelsError(name, max_pixels=max_pixels)


def _decoded(image: ImageFile.ImageFile, kind: str) -> Image.Image:
    if kind == "JPEG":
        # Asked for less, the decoder skips what would be thrown away; it still reads every byte.
        part = min(1, LONGEST_SIDE / max(image.size))
        image.draft(None, (round(image.width * part), round(image.height * part)))
    image.load()
    return image


def _animation(
    file: IO[bytes], image: ImageFile.ImageFile, kind: str, *, name: str
) -> bytes | None:
    """Return the stripped file of an animation after decoding each of its frames."""
    strip = strippers.get(kind)
    if strip is None or not getattr(image, "is_animated", False):
        return None
    pixels = 0
    for number in range(MAX_FRAMES + 1):
        try:
            image.seek(number)
        except EOFError:
            break
        _check_pixels(image, name=name)
        pixels += image.width * image.height
        is_long = number == MAX_FRAMES or pixels > MAX_PIXELS_OF_ALL_FRAMES
        if is_long or max(image.size) > LONGEST_SIDE:
            raise TooLongError(name)
        image.load()
    image.seek(0)
    file.seek(0)
    return strip(file.read())
