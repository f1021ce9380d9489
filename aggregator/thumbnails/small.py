"""The pictures of headlines as a script of the newsroom gets them."""

from collections.abc import Iterable
from dataclasses import dataclass

from aggregator.models import Headline, Thumbnail
from aggregator.models.thumbnail import SHAPE
from blog.pictures import plan

WIDTH = 320


@dataclass(frozen=True, slots=True)
class Small:
    """One small file; its size is in pixels."""

    src: str
    width: int
    height: int


def small_of(thumbnail: Thumbnail) -> Small:
    """Return the file of a picture that is there, WIDTH wide at the most."""
    fitting = [one for one in plan.listed(thumbnail.made, SHAPE, "webp") if one[0] <= WIDTH]
    width, name = max(fitting)
    height = plan.height_at(SHAPE, width, (thumbnail.width, thumbnail.height))
    return Small(thumbnail.base_url + name, width, height)


def found(keys: Iterable[int]) -> tuple[dict[int, Small], list[int]]:
    """Return by the keys of headlines the pictures that are there, and the keys of those to come.

    One query; what is in neither has no picture.
    """
    rows = Headline.objects.filter(pk__in=list(keys), thumbnail__isnull=False)
    there, coming = {}, []
    for headline in rows.select_related("thumbnail").order_by("pk"):
        thumbnail = headline.thumbnail
        if thumbnail and thumbnail.is_ready:
            there[headline.pk] = small_of(thumbnail)
        elif thumbnail and thumbnail.state == Thumbnail.State.WAITING:
            coming.append(headline.pk)
    return there, coming
