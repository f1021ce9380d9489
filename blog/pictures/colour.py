"""Pixels as every screen shows them alike: upright, in sRGB, eight bits a channel, no larger."""

import io

from PIL import Image, ImageCms, ImageOps

_SRGB = ImageCms.createProfile("sRGB")
_PLAIN_MODES = {"L", "LA", "RGB", "RGBA", "CMYK"}
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def to_srgb(image: Image.Image, *, longest_side: int) -> Image.Image:
    """Return a copy without metadata whose longer side has at most ``longest_side`` pixels.

    A colour profile is applied, not kept: so the colours stay, in readers without profiles too.
    """
    profile = image.info.get("icc_profile")
    plain = _within(_eight_bits(image), longest_side)
    converted = _through_profile(plain, profile) if profile else None
    if converted is None:
        converted = plain if plain.mode in {"RGB", "RGBA"} else plain.convert(_target(plain))
    copy = converted.copy()
    copy.info = {}
    return copy


def upright(image: Image.Image, source: Image.Image) -> Image.Image:
    """Turn ``image`` as the EXIF data of ``source``, of which it was made, ask for."""
    try:
        orientation = source.getexif().get(_ORIENTATION)
    except Exception:  # whoever wrote the EXIF data may have written anything
        return image
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    return image if turn is None else image.transpose(turn)


def has_transparency(image: Image.Image) -> bool:
    """Whether any pixel of an RGB or RGBA picture lets the ground shine through."""
    return image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255)


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        # Sixteen bits of grey: the high ones are what a screen shows.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in _PLAIN_MODES and "transparency" not in image.info:
        return image
    return image.convert("RGBA" if "A" in image.mode or "transparency" in image.info else "RGB")


def _within(image: Image.Image, longest_side: int) -> Image.Image:
    if max(image.size) <= longest_side:
        return image
    size = ImageOps.contain(Image.new("1", image.size), (longest_side, longest_side)).size
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _target(image: Image.Image) -> str:
    return "RGBA" if image.mode in {"LA", "RGBA"} else "RGB"


def _through_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Return the picture converted from its colour profile; None where that says nothing."""
    alpha = image.getchannel("A") if image.mode in {"LA", "RGBA"} else None
    colours = image.convert(image.mode.removesuffix("A")) if alpha else image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(colours, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    if converted is not None and alpha is not None:
        converted.putalpha(alpha)
    return converted
