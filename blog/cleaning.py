"""The one allow-list through which HTML gets into the database."""

import nh3

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

_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes=URL_SCHEMES,
    link_rel="noopener",
    strip_comments=True,
)


def clean_html(markup: str) -> str:
    """Return ``markup`` with only the elements, attributes and link schemes that a post may hold.

    Scripts, styles, event handlers, frames and forms are removed, unclosed elements closed.
    """
    return _cleaner.clean(markup).strip()
