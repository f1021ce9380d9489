"""Where pictures stand: kept on each save of a text, so that no question reads all texts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape

from django.conf import settings
from django.db.models import Q

from blog.addresses import uploads_base
from blog.models import Image, ImageUse, Page, Post
from blog.pictures.plan import FOLDER, OLD_FOLDER

IMG = re.compile(r'<img(?:\s[\w-]+(?:="[^"]*")?)*\s*/?>')
other_relations: list[str] = []
"""Relations of a picture through which apps of floors above show it."""
_SRC = re.compile(r'\ssrc="([^"]*)"')


def name_at(address: str) -> str:
    """Return the name of the public file at an address of ours; "" for any other address."""
    for base in (uploads_base(), f"{settings.SITE_URL}/media/", "/media/"):
        if address.startswith(base):
            name = address.removeprefix(base)
            return name if name.startswith((f"{FOLDER}/", f"{OLD_FOLDER}/")) else ""
    return ""


def address_in(tag: str) -> str:
    """Return the address in an ``<img>`` that clean_html() has written."""
    match = _SRC.search(tag)
    return unescape(match[1]) if match else ""


def names_in(markup: str) -> list[str]:
    """Return the names of our pictures in a text, each once, in their order."""
    found = (name_at(address_in(tag)) for tag in IMG.findall(markup))
    return list(dict.fromkeys(name for name in found if name))


def note(text: Post | Page) -> None:
    """Note which pictures stand in a text as it is now."""
    names = names_in(text.body)
    ids = set(Image.objects.filter(file__in=names).values_list("pk", flat=True)) if names else set()
    own = {"post": text} if isinstance(text, Post) else {"page": text}
    noted = set(ImageUse.objects.filter(**own).values_list("image_id", flat=True))
    if noted - ids:
        ImageUse.objects.filter(**own, image__in=noted - ids).delete()
    rows = [ImageUse(image_id=pk, **own) for pk in sorted(ids - noted)]
    if rows:
        ImageUse.objects.bulk_create(rows, ignore_conflicts=True)


def note_saved(*, instance: Post | Page, **_: object) -> None:
    """Take the signal that a text was saved."""
    if "body" not in instance.get_deferred_fields():
        note(instance)


def texts_with(image: Image) -> Iterator[tuple[Post | Page, bool]]:
    """Yield each post and page that shows a picture, and whether it leads a post. Three queries."""
    for post in image.posts.defer("body").order_by("-pk"):
        yield post, True
    for post in Post.objects.filter(pictures__image=image).defer("body").order_by("-pk"):
        yield post, False
    for page in Page.objects.filter(pictures__image=image).defer("body").order_by("-pk"):
        yield page, False


def add_counts(images: Sequence[Image]) -> None:
    """Set ``use_count`` of each picture of a page of the library. Two queries, one a relation."""
    counts = dict.fromkeys((image.pk for image in images), 0)
    leads = Post.objects.filter(image__in=counts).values_list("image_id", flat=True)
    _add(counts, (pk for pk in leads if pk is not None))
    _add(counts, ImageUse.objects.filter(image__in=counts).values_list("image_id", flat=True))
    for relation in other_relations:
        shown = Image.objects.filter(pk__in=counts, **{f"{relation}__isnull": False})
        _add(counts, shown.values_list("pk", flat=True))
    for image in images:
        image.use_count = counts[image.pk]  # type: ignore[attr-defined]


def is_used() -> Q:
    """Return the condition for pictures that any text shows, or what stands on floors above."""
    used = Q(posts__isnull=False) | Q(uses__isnull=False)
    for relation in other_relations:
        used |= Q(**{f"{relation}__isnull": False})
    return used


def _add(counts: dict[int, int], found: Iterable[int]) -> None:
    for pk in found:
        counts[pk] += 1
