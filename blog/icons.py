"""The site's icon in the sizes that browsers and telephones ask for.

The publisher chooses a picture of the library; the worker draws the files. Without one, the icons
that come with the software stand in their place.
"""

import hashlib
import io
import logging
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.templatetags.static import static
from PIL import Image as Pillow

from blog.addresses import uploads_base
from blog.models import Image, SiteSettings
from blog.pictures import files, plan, reading
from blog.pictures.errors import PictureError

logger = logging.getLogger(__name__)

SIZES = {"32": 32, "180": 180, "192": 192, "512": 512}
MASKABLE = "maskable-512"
"""A telephone cuts it to its own shape: all that matters lies in the middle four fifths."""
_SAFE_PART = 0.8
_FOLDER = f"{plan.FOLDER}/icons"
_RECIPE = 1
_PAPER = (251, 250, 246)


def icon_url(site: SiteSettings, size: str) -> str:
    """Return the address of an icon: a size of ``SIZES``, or ``MASKABLE``."""
    if site.icon_folder:
        return f"{uploads_base()}{site.icon_folder}/{size}.png"
    return static(f"icons/{size}.png")


def wanted_folder(image: Image | None) -> str:
    """Return where the icons made of a picture lie: another picture or focus, another folder."""
    if image is None or image.stage == Image.Stage.LOST:
        return ""
    made_of = f"{_RECIPE} {image.file.name} {image.focus_x} {image.focus_y}"
    return f"{_FOLDER}/{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"


def redraw() -> bool:
    """Make the icons of the picture that the publisher has chosen; return whether any changed."""
    site = SiteSettings.objects.select_related("icon").first()
    if site is None:
        return False
    former, wanted = site.icon_folder, wanted_folder(site.icon)
    if former == wanted:
        return False
    if wanted and site.icon is not None and not _put_all(site.icon, wanted):
        return False
    if not SiteSettings.objects.filter(icon=site.icon_id, icon_folder=former).update(
        icon_folder=wanted
    ):
        return False  # somebody has chosen another one meanwhile, and asked for it
    if former:
        files.delete_folder(former)
    return True


def _put_all(image: Image, folder: str) -> bool:
    try:
        with default_storage.open(str(image.file.name)) as upload:
            picture = reading.read(upload, name=str(image.file.name), is_kept=True)
    except (PictureError, FileNotFoundError):
        logger.exception("The icons of picture %s cannot be drawn", image.pk)
        return False
    for name, content in _drawn(picture.still, image.focus):
        files.put(f"{folder}/{name}.png", content)
    return True


def _drawn(still: Pillow.Image, focus: plan.Focus) -> Iterator[tuple[str, bytes]]:
    box = plan.crop_box(plan.SQUARE, still.size, focus)
    square = still.convert("RGBA").crop(box)
    for name, size in SIZES.items():
        icon = square.resize((size, size), Pillow.Resampling.LANCZOS)
        # Telephones put a black ground behind what is transparent.
        yield name, _png(_on_paper(icon, size) if name == "180" else icon)
    inner = round(512 * _SAFE_PART)
    yield MASKABLE, _png(_on_paper(square.resize((inner, inner), Pillow.Resampling.LANCZOS), 512))


def _on_paper(icon: Pillow.Image, size: int) -> Pillow.Image:
    ground = Pillow.new("RGB", (size, size), _PAPER)
    at = (size - icon.width) // 2
    ground.paste(icon, (at, at), icon)
    return ground


def _png(image: Pillow.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
