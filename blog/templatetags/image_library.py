"""What the newsroom's pages know of the library of pictures."""

from typing import Any

from django import template

from blog.image_forms import ACCEPT
from blog.pictures.reading import MAX_BYTES

register = template.Library()


@register.simple_tag
def image_library_limits() -> dict[str, Any]:
    """Return what an upload may be: ``accept`` for the field, ``max_bytes``."""
    return {"accept": ACCEPT, "max_bytes": MAX_BYTES}
