"""The library of pictures: each file is kept once, whoever sends it and however often."""

from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.db import IntegrityError

from blog.models import Image, User
from blog.pictures import reading


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an upload; ``is_new``: it was not in the library before."""

    image: Image
    is_new: bool


def add(upload: File[bytes], *, by: User | None, **words: str) -> Added:
    """Take an upload into the library, or find the picture that it is already.

    ``words`` are its alt, caption and credit. Raises PictureError.
    """
    found = find(reading.digest_of(upload, name=str(upload.name)))
    if found is not None:
        return Added(found, is_new=False)
    image = Image(file=upload, created_by=by, **words)
    try:
        image.save()
    except IntegrityError:
        # Somebody has sent the same file at the same moment; or it is something else.
        found = find(image.digest)
        if found is None:
            raise
        return Added(found, is_new=False)
    return Added(image, is_new=True)


def find(digest: str) -> Image | None:
    """Return the picture that was made of the file with this digest."""
    return Image.objects.filter(digest=digest).first()


def shown(image: Image) -> dict[str, Any]:
    """Return what the newsroom's scripts know of a picture."""
    return {
        "id": image.pk,
        "alt": image.alt,
        "caption": image.caption,
        "credit": image.credit,
        "name": image.name,
        "src": image.file.url,
        "thumb": image.thumb_url,
        "width": image.width,
        "height": image.height,
    }
