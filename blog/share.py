"""Passing a post on without anybody's script: plain addresses, which open where the reader is."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from blog.addresses import absolute
from blog.models import Post

# Each takes the address and the title as parameters; the order is that of the page.
_NETWORKS = (
    ("Telegram", "https://t.me/share/url", "url", "text"),
    ("WhatsApp", "https://api.whatsapp.com/send", "", "text"),
    ("Facebook", "https://www.facebook.com/sharer/sharer.php", "u", ""),
    ("X", "https://x.com/intent/post", "url", "text"),
    ("Bluesky", "https://bsky.app/intent/compose", "", "text"),
    ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/", "url", ""),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A link that passes a post on."""

    name: str
    url: str


def ways(post: Post) -> Sequence[Way]:
    """Return the links by which a post is passed on, mail first."""
    link = absolute(post.get_absolute_url())
    mail = f"mailto:?subject={quote(post.title)}&body={quote(link)}"
    return [
        Way(_("E-mail"), mail),
        *(
            Way(name, _address(base, post.title, link, at, text))
            for name, base, at, text in _NETWORKS
        ),
    ]


def _address(base: str, title: str, link: str, at: str, text: str) -> str:
    """Return a network's address; where it knows a text only, the link ends it."""
    parameters = {at: link} if at else {}
    if text:
        parameters[text] = title if at else f"{title} {link}"
    return f"{base}?{urlencode(parameters, quote_via=quote)}"
