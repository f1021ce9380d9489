"""The picture that goes with a post without one when it is shared: its title, drawn.

The worker draws it on publication; one that is missing is drawn when it is first asked for, so an
old archive needs none before. Its name holds all that it shows: another title is another picture.
"""

import hashlib
import io
from functools import lru_cache
from pathlib import Path

import fontpkg_source_serif_4
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageColor, ImageDraw, ImageFont

from blog.models import Post, SiteSettings
from blog.pictures import files, plan
from blog.text import ELLIPSIS
from blog.xml_text import without_forbidden

WIDTH, HEIGHT = 1200, 630
RECIPE = 1
"""Raised when the same words are drawn in another way."""
_FONT = Path(fontpkg_source_serif_4.ROOT, "files", "SourceSerif4[opsz,wght].ttf")
_PAPER, _INK, _SOFT, _ACCENT = "#fbfaf6", "#17181b", "#575a61", "#9b1c1f"
"""As in static/css/tokens.css."""
_MARGIN = 80
_TITLE_TOP, _TITLE_BOTTOM = 150, 500
_SIZES = (92, 80, 70, 60, 52, 46)
_LEADING = 1.16
_SEMIBOLD, _REGULAR = 650, 400


def path_of(post: Post, *, site: SiteSettings) -> str:
    """Return the path at which the picture of a post is served."""
    return reverse("share-image", args=[post.pk, stamp_of(post, site=site)])


def stamp_of(post: Post, *, site: SiteSettings) -> str:
    """Return a short text that changes with everything that the picture shows."""
    words = repr((RECIPE, post.title, site.title))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def content_of(post: Post, *, site: SiteSettings) -> bytes:
    """Return the picture as PNG, from its file, or drawn and stored in the place of older ones."""
    name = f"{folder_of(post.pk)}/{stamp_of(post, site=site)}.png"
    try:
        with default_storage.open(name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        content = draw(post.title, site_title=site.title)
    files.delete_folder(folder_of(post.pk))
    files.put(name, content)
    return content


def folder_of(key: int) -> str:
    """Return where the picture of a post lies, a thousand posts to a folder."""
    return f"{plan.FOLDER}/share/{key // 1000}/{key}"


def draw(title: str, *, site_title: str) -> bytes:
    """Return a PNG of 1200×630 with a title that fits, whatever it is, and the site's name."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, WIDTH, 14), fill=_ACCENT)
    small = _font(38, _REGULAR)
    site_line = _cut(_tidy(site_title), small, WIDTH - 2 * _MARGIN)
    canvas.text((_MARGIN, 76), site_line, font=small, fill=_SOFT, anchor="ls")
    canvas.line((_MARGIN, 104, WIDTH - _MARGIN, 104), fill=_INK, width=2)
    size, lines = _fitted(_tidy(title))
    for number, line in enumerate(lines, start=1):
        at = (_MARGIN, _TITLE_TOP + round(number * size * _LEADING))
        canvas.text(at, line, font=_font(size, _SEMIBOLD), fill=_INK, anchor="ls")
    canvas.rectangle((_MARGIN, HEIGHT - 76, _MARGIN + 96, HEIGHT - 70), fill=_ACCENT)
    out = io.BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """Return all colours of a picture: the words' and their edges' on paper, and the accent."""
    paper, ink, soft, accent = map(ImageColor.getrgb, (_PAPER, _INK, _SOFT, _ACCENT))
    shades = [*_shades(paper, ink, count=18), *_shades(paper, soft, count=13), accent]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for shade in shades for value in shade])
    return palette


def _shades(paper: tuple[int, ...], ink: tuple[int, ...], *, count: int) -> list[tuple[int, ...]]:
    """Return colours in even steps from that of the paper to that of a word."""
    steps = [step / (count - 1) for step in range(count)]
    return [
        tuple(round(a + (b - a) * step) for a, b in zip(paper, ink, strict=True)) for step in steps
    ]


def _tidy(text: str) -> str:
    return " ".join(without_forbidden(text).split())


def _fitted(title: str) -> tuple[int, list[str]]:
    """Return the largest size at which a title fits, and its lines; the smallest is cut."""
    for size in _SIZES:
        lines = wrapped(title, _font(size, _SEMIBOLD))
        most = int((_TITLE_BOTTOM - _TITLE_TOP) / (size * _LEADING))
        if len(lines) <= most:
            return size, lines
    rest = lines[most - 1] + ELLIPSIS
    return size, [*lines[: most - 1], _cut(rest, _font(size, _SEMIBOLD), WIDTH - 2 * _MARGIN)]


def wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Return the lines of a text, broken between words, and inside those that fill a line."""
    room = WIDTH - 2 * _MARGIN
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, font, room)
        lines += full
    return [*lines, line]


def _pieces(word: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    pieces = [""]
    for character in word:
        if font.getlength(pieces[-1] + character) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _cut(text: str, font: ImageFont.FreeTypeFont, room: int) -> str:
    """Return a line, shortened to what fits."""
    if font.getlength(text) <= room:
        return text
    bare = text.removesuffix(ELLIPSIS)
    while bare and font.getlength(bare + ELLIPSIS) > room:
        bare = bare[:-1]
    return bare.rstrip() + ELLIPSIS


@lru_cache(maxsize=16)
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(_FONT), size)
    font.set_variation_by_axes([weight, min(max(size * 0.75, 8), 60)])
    return font
