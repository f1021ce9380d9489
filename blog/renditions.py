"""Makes the files of a picture that readers get: once, whoever asks, and picked up where it broke.

A picture of former times is made clean first: its metadata goes from what is public.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from blog.models import Image
from blog.models.image import keep_original
from blog.pictures import encoding, files, plan, reading
from blog.pictures.errors import PictureError

logger = logging.getLogger(__name__)

CLAIM_HOLDS_FOR = timedelta(minutes=10)
type Made = dict[str, Any]
"""The value of ``Image.made``."""


def to_make(*, now: datetime) -> QuerySet[Image]:
    """Return the pictures that nobody is working on and that lack something, oldest first."""
    is_free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    wanting = Image.objects.exclude(stage__in=[Image.Stage.READY, Image.Stage.LOST])
    return wanting.filter(is_free).order_by("pk")


def make(pk: int, *, now: datetime) -> bool:
    """Make what a picture lacks; return whether there was anything to do."""
    if not to_make(now=now).filter(pk=pk).update(claimed_until=now + CLAIM_HOLDS_FOR):
        return False
    image = Image.objects.get(pk=pk)
    try:
        picture = _picture(image)
        if image.stage == Image.Stage.RAW:
            _clean(image, picture)
        made = _all_of(image, picture)
    except KeyboardInterrupt:
        Image.objects.filter(pk=pk).update(claimed_until=None)  # for the next run
        raise
    except (PictureError, FileNotFoundError) as error:
        logger.warning("Picture %s cannot be read: %s", pk, error)
        Image.objects.filter(pk=pk).update(stage=Image.Stage.LOST, claimed_until=None)
        return True
    _note(image, made)
    return True


def clean_copy(name: str) -> bytes:
    """Return an upload of former times without metadata, for as long as it is not made clean.

    ``name`` is that of a public file. Raises PictureError, and OSError where there is no file.
    """
    with default_storage.open(name) as upload:
        picture = reading.read(upload, name=name)
    return encoding.published_as(picture, _extension(name))


def _picture(image: Image) -> reading.Picture:
    with _upload(image) as upload:
        return reading.read(upload, name=image.name or str(image.file.name), is_kept=True)


def _upload(image: Image) -> IO[bytes]:
    if image.original:
        return files.originals().open(image.original)
    return default_storage.open(str(image.file.name))


def _clean(image: Image, picture: reading.Picture) -> None:
    """Put what may be public into the place of an upload of former times.

    The upload is moved before, and known by its new name before its old place is written: so
    this may break anywhere and be done again.
    """
    name = str(image.file.name)
    if not image.original:
        with default_storage.open(name) as upload:
            image.original = keep_original(File(BytesIO(upload.read())), picture.format)
        Image.objects.filter(pk=image.pk).update(original=image.original)
    files.put(name, encoding.published_as(picture, _extension(name)))
    is_double = Image.objects.filter(digest=picture.digest).exclude(pk=image.pk).exists()
    image.digest = "" if is_double else picture.digest
    image.width, image.height = picture.still.size
    image.is_animated = picture.animation is not None and _extension(name) != "jpg"
    image.stage = Image.Stage.CLEAN
    image.save(update_fields=["digest", "width", "height", "is_animated", "stage"])


def _all_of(image: Image, picture: reading.Picture) -> Made:
    """Make each rendition that is not there yet; return what there is now."""
    made: Made = {"focus": [*image.focus], "recipe": plan.RECIPE}
    _, there = _listed(image.folder)
    for rendition in _wanted(image):
        name = rendition.name(image.focus)
        if name not in there:
            files.put(f"{image.folder}/{name}", _rendered(picture, rendition, image.focus))
        by_encoding = made.setdefault(rendition.shape.name, {})
        by_encoding.setdefault(rendition.encoding, []).append([rendition.width, name])
    return made


def _wanted(image: Image) -> Iterator[plan.Rendition]:
    extension = _extension(str(image.file.name))
    size = (image.width, image.height)
    return plan.renditions_of(size, extension=extension, is_animated=image.is_animated)


def _rendered(picture: reading.Picture, rendition: plan.Rendition, focus: plan.Focus) -> bytes:
    if picture.animation is not None and rendition.shape is plan.WHOLE:
        return encoding.render_animation(picture.animation)
    return encoding.render(picture.still, rendition, focus)


def _listed(folder: str) -> tuple[list[str], set[str]]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], set()
    return folders, set(names)


def _note(image: Image, made: Made) -> None:
    row = Image.objects.filter(pk=image.pk)
    focus = image.focus
    if row.filter(focus_x=focus.x, focus_y=focus.y).update(
        made=made, stage=Image.Stage.READY, claimed_until=None
    ):
        return
    if not row.update(made=made, claimed_until=None):
        # It was deleted meanwhile, and with it all that was there then.
        files.delete_folder(image.folder)


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix.lower().removeprefix(".").replace("jpeg", "jpg")
