"""How one feed is asked for in a way of its own, where its publisher has given leave or a key."""

import re
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from yarl import URL

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")  # RFC 9110 5.6.2
_VALUE = re.compile(r"[\x20-\x7e\x80-\xff]*")
# What the request is made of, or what has a field of its own.
_NOT_AS_HEADER = frozenset(
    "host content-length transfer-encoding connection upgrade te trailer expect "
    "proxy-authorization "
    "cookie authorization user-agent accept-encoding if-none-match if-modified-since".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What goes with a feed's requests. Secrets go to its own origin only, and into no log."""

    user_agent: str = ""
    header_name: str = ""
    header_value: str = field(default="", repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    cookie: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """The headers that only the feed's own origin may see."""
        named = {self.header_name: self.header_value, "Cookie": self.cookie}
        return {name: value for name, value in named.items() if name and value}


def is_same_origin(first: URL, second: URL) -> bool:
    """Whether ``second`` may see what is meant for ``first``: its origin, or the same on https."""
    if first.raw_host != second.raw_host:
        return False
    if (first.scheme, first.port) == (second.scheme, second.port):
        return True
    return (first.scheme, first.port, second.scheme, second.port) == ("http", 80, "https", 443)


def check_access(access: Access) -> dict[str, str | Promise]:
    """Return what is wrong, by the names of the fields; nothing wrong gives an empty dict."""
    wrong: dict[str, str | Promise] = {}
    for name in ("user_agent", "header_value", "cookie"):
        if not _VALUE.fullmatch(getattr(access, name)):
            wrong[name] = _("A header holds Latin characters only, and no line breaks.")
    if access.header_name and not _TOKEN.fullmatch(access.header_name):
        wrong["header_name"] = _("The name of a header is one word of Latin letters and hyphens.")
    elif access.header_name.lower() in _NOT_AS_HEADER:
        wrong["header_name"] = _(
            "This header has a field of its own here, or is not for you to set."
        )
    if bool(access.header_name) != bool(access.header_value):
        wrong.setdefault("header_name", _("A header needs a name and a value."))
    if ":" in access.username:
        wrong["username"] = _("A user name has no colon in it.")
    if access.password and not access.username:
        wrong["username"] = _("A password needs a user name.")
    if access.proxy and not _is_proxy(access.proxy):
        wrong["proxy"] = _(
            "A proxy is given as http://host:port or http://user:password@host:port."
        )
    return wrong


def _is_proxy(address: str) -> bool:
    try:
        url = URL(address)
    except ValueError:
        return False
    return url.scheme in {"http", "https"} and bool(url.host) and url.path in {"", "/"}
