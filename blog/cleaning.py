"""The one allow-list through which HTML gets into the database."""

import re

import nh3
from django.conf import settings

from blog.addresses import uploads_base

TAGS = frozenset(
    "p br hr h2 h3 h4 strong b em i u s sub sup small mark abbr code pre kbd blockquote q cite "
    "ul ol li dl dt dd a img figure figcaption table caption thead tbody tfoot tr th td".split()
)
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title", "hreflang", "id"},
    "li": {"id"},
    "img": {"src", "alt", "title", "width", "height"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "abbr": {"title"},
    "ol": {"start", "reversed"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
URL_SCHEMES = {"http", "https", "mailto"}

# The two ends of a footnote (static/js/editor/footnotes.js): nothing else in a text has a name.
_FOOTNOTE_IDS = {"a": re.compile(r"fnref-[0-9]{1,3}"), "li": re.compile(r"fn-[0-9]{1,3}")}
_PICTURE_WITHOUT_FILE = re.compile(r'<img(?:\s(?!src=)[\w-]+="[^"]*")*>')


def _kept_value(tag: str, attribute: str, value: str) -> str | None:
    """Drop names that are no footnote's, and the addresses of pictures that lie elsewhere.

    Such a picture would tell others who reads us.
    """
    if attribute == "id":
        return value if _FOOTNOTE_IDS[tag].fullmatch(value) else None
    if (tag, attribute) != ("img", "src"):
        return value
    return value if value.startswith(tuple(own_places())) and not _is_elsewhere(value) else None


def own_places() -> list[str]:
    """Return how the addresses of this site's own pictures begin."""
    return ["/", f"{settings.SITE_URL}/", uploads_base()]


def _is_elsewhere(address: str) -> bool:
    """Whether a browser, which reads over tabs and line breaks, finds a host in it."""
    return re.sub(r"[\t\r\n]", "", address).startswith(("//", "/\\"))


_cleaner = nh3.Cleaner(
    attribute_filter=_kept_value,
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
