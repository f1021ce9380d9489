"""What can go wrong between a feed's address and its items.

Every error carries the address and says in ``reason`` what happened, in words for an editor.
"""

# The tree's names say what happened; "Error" on each would only repeat its root.
# ruff: noqa: N818

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FeedError(Exception):
    """A feed could not be read this time."""

    words: str | Promise = _("The feed could not be read.")

    def __init__(self, url: str = "", **details: object) -> None:
        super().__init__(url)
        self.url = url
        self.details = details

    @property
    def reason(self) -> str:
        """One sentence in the active language."""
        return str(self.words) % self.details

    def __str__(self) -> str:
        return f"{self.reason} [{self.url}]" if self.url else self.reason


class FetchError(FeedError):
    """The body did not arrive."""

    words = _("The feed could not be fetched.")


class BadAddress(FetchError):
    """The address, or one that it redirects to, is no http or https address."""

    words = _("“%(address)s” is not an address that can be fetched.")


class BlockedAddress(FetchError):
    """The guard refused the network address behind the name."""

    words = _("The name leads to %(address)s, which is not on the public internet.")


class Unreachable(FetchError):
    """No connection came about."""

    words = _("The server cannot be reached: %(detail)s")


class Timeout(FetchError):
    """Connecting or fetching took longer than the limit."""

    words = _("The server did not answer in time.")


class BrokenAnswer(FetchError):
    """What the server sent is not proper HTTP, or broke off."""

    words = _("The server’s answer is broken, or broke off.")


class TooLarge(FetchError):
    """The unpacked body is larger than the limit."""

    words = _("The feed is larger than %(max_mib)d MiB.")


class TooManyRedirects(FetchError):
    """More redirects than the limit, or a circle of them."""

    words = _("The address leads on and on without reaching a feed.")


_STATUS_WORDS = {
    401: _("The site asks for a password (401)."),
    403: _("The site refuses us (403)."),
    404: _("There is nothing at this address (404)."),
    410: _("The site says that the feed is gone for good (410)."),
    429: _("The site asks us to come less often (429)."),
    503: _("The site is not available at the moment (503)."),
}


class BadStatus(FetchError):
    """The server answered with something else than a feed. ``retry_after_s`` is its own wish."""

    words = _("The site answered with the error %(status)d.")

    def __init__(self, url: str = "", *, status: int = 0, retry_after_s: int | None = None) -> None:
        super().__init__(url, status=status)
        self.status = status
        self.retry_after_s = retry_after_s

    @property
    def reason(self) -> str:
        """One sentence in the active language."""
        return str(_STATUS_WORDS.get(self.status, self.words)) % self.details


class Gone(BadStatus):
    """410: the publisher has taken the feed down."""


class ParseError(FeedError):
    """The body arrived but holds no feed that can be read."""

    words = _("What the site sent cannot be read as a feed.")


class EmptyBody(ParseError):
    """There is nothing in the body."""

    words = _("The site sent nothing.")


class NotAFeed(ParseError):
    """The body is something else."""

    words = _("What the site sent is not a feed.")


class WebPage(NotAFeed):
    """The body is a page of HTML."""

    words = _("The address leads to a web page, not to a feed.")


class ParserGaveUp(ParseError):
    """Reading took longer than the limit, or brought the parser down."""

    words = _("The feed is too large or too tangled to be read.")
