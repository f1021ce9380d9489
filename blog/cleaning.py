"""The one allow-list through which HTML gets into the database."""

import re

import nh3
from django.conf import settings
from django.core.files.storage import default_storage

TAGS = frozenset(
    "p br hr h2 h3 h4 strong b em i u s sub sup small mark abbr code pre kbd blockquote q cite "
    "ul ol li dl dt dd a img figure figcaption table caption thead tbody tfoot tr th td".split()
)
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title", "hreflang"},
    "img": {"src", "alt", "title", "width", "height"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "abbr": {"title"},
    "ol": {"start", "reversed"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
URL_SCHEMES = {"http", "https", "mailto"}

_PICTURE_WITHOUT_FILE = re.compile(r'<img(?:\s(?!src=)[\w-]+="[^"]*")*>')


def _own_pictures_only(tag: str, attribute: str, value: str) -> str | None:
    """Drop the address of a picture that lies elsewhere: it would tell others who reads us."""
    if (tag, attribute) != ("img", "src"):
        return value
    return value if value.startswith(_own_places()) and not value.startswith("//") else None


def _own_places() -> tuple[str, ...]:
    return "/", f"{settings.SITE_URL}/", default_storage.url("")


_cleaner = nh3.Cleaner(
    attribute_filter=_own_pictures_only,
    tags=set(TAGS),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes=URL_SCHEMES,
    link_rel="noopener",
    strip_comments=True,
)


def clean_html(markup: str) -> str:
    """Return ``markup`` with only the elements, attributes and link schemes that a post may hold.

    Scripts, styles, event handlers, frames, forms and pictures from elsewhere are removed, unclosed
    elements closed.
    """
    return _PICTURE_WITHOUT_FILE.sub("", _cleaner.clean(markup)).strip()
