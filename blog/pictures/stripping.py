"""Animations without metadata: the frames stay byte for byte, and nothing else does.

Comments, EXIF, XMP, texts, unknown blocks and whatever follows the end are left out.
Each function takes a file that was decoded before, and raises ValueError for a broken one.
"""

import struct
from collections.abc import Callable

_GIF_TRAILER, _GIF_EXTENSION, _GIF_IMAGE = 0x3B, 0x21, 0x2C
_GIF_CONTROL, _GIF_APPLICATION = 0xF9, 0xFF
_PNG_KEPT = frozenset(b"IHDR PLTE tRNS sRGB gAMA cHRM iCCP bKGD acTL fcTL fdAT IDAT IEND".split())
_WEBP_KEPT = frozenset([b"VP8X", b"ANIM", b"ANMF", b"ICCP"])
_WEBP_FLAGS_OF_METADATA = 0x08 | 0x04  # EXIF and XMP


def strip_gif(data: bytes) -> bytes:
    """Keep header, palettes, frames, their timing and the number of rounds (GIF89a)."""
    out = bytearray()
    at = 13 + _palette_size(data[10])
    out += data[:at]
    while data[at] != _GIF_TRAILER:
        start = at
        if data[at] == _GIF_EXTENSION:
            label = data[at + 1]
            at = _after_sub_blocks(data, at + 2)
            is_loop = label == _GIF_APPLICATION and data[start + 3 : start + 14] == b"NETSCAPE2.0"
            if label == _GIF_CONTROL or is_loop:
                out += data[start:at]
        elif data[at] == _GIF_IMAGE:
            at = _after_sub_blocks(data, at + 10 + _palette_size(data[at + 9]) + 1)
            out += data[start:at]
        else:
            raise ValueError("not a GIF")
    out.append(_GIF_TRAILER)
    return bytes(out)


def strip_png(data: bytes) -> bytes:
    """Keep the chunks that make the pixels and their timing (PNG, third edition)."""
    out = bytearray(data[:8])
    at = 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        if kind in _PNG_KEPT:
            out += data[at : at + 12 + length]
        at += 12 + length
        if kind == b"IEND":
            return bytes(out)
    raise ValueError("a PNG without its end")


def strip_webp(data: bytes) -> bytes:
    """Keep header, frames and colour profile (the WebP container)."""
    chunks = bytearray()
    at, end = 12, min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while at + 8 <= end:
        kind, (length,) = data[at : at + 4], struct.unpack_from("<I", data, at + 4)
        whole = 8 + length + length % 2
        chunk = bytearray(data[at : at + whole])
        if kind == b"VP8X":
            chunk[8] &= ~_WEBP_FLAGS_OF_METADATA & 0xFF
        if kind in _WEBP_KEPT:
            chunks += chunk
        at += whole
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + bytes(chunks)


strippers: dict[str, Callable[[bytes], bytes]] = {
    "GIF": strip_gif,
    "PNG": strip_png,
    "WEBP": strip_webp,
}


def _palette_size(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_sub_blocks(data: bytes, at: int) -> int:
    """Return where the chain of sub-blocks that begins at ``at`` is over."""
    while data[at]:
        at += data[at] + 1
    return at + 1
