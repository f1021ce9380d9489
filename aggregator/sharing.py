"""Which feeds may be named in public: those that anybody can ask for without a key of ours."""

import re
from urllib.parse import parse_qsl, urlsplit

from django.db.models import Exists, OuterRef, Q

from aggregator.models import FeedAccess

_NAMES_OF_KEYS = re.compile(
    r"(?:^|[_.-]|api|access)(?:auth|authorization|credential|hash|hmac|key|pass|passwd|password|pwd|"
    r"secret|session|sid|sig|sign|signature|token)s?(?:$|[_.-])",
    re.IGNORECASE,
)
_LIKE_A_KEY = re.compile(r"[0-9a-fA-F]{20,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_shareable(url: str) -> bool:
    """Whether an address holds nothing that looks like a password or a personal key.

    Publishers of private feeds put such into the query, and some into the path.
    """
    parts = urlsplit(url)
    if "@" in parts.netloc:
        return False
    query = parse_qsl(parts.query, keep_blank_values=True)
    if any(_NAMES_OF_KEYS.search(name) or _LIKE_A_KEY.fullmatch(value) for name, value in query):
        return False
    return not any(_LIKE_A_KEY.fullmatch(part) for part in parts.path.split("/"))


def has_key(feed: str) -> Exists:
    """Return the condition that the feed named by the column ``feed`` is asked for with a key."""
    keys = Q(username="", password="", header_value="", cookie="")
    return Exists(FeedAccess.objects.filter(~keys, feed=OuterRef(feed)))
