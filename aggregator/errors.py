"""What can go wrong between a feed's address and its items.

Every error carries the address, says in ``reason`` what happened and in ``advice`` what happens
next, both in words for an editor. Errors cross the border between processes, so what they are made
of can be pickled.
"""

# The tree's names say what happened; "Error" on each would only repeat its root.
# ruff: noqa: N818

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aggregator.documents import OfferedFeed

_TRIED_AGAIN = _("It is tried again in an hour, then less and less often, but at least once a day.")


class FeedError(Exception):
    """A feed could not be read this time."""

    words: str | Promise = _("The feed could not be read.")
    advice: str | Promise = _TRIED_AGAIN

    def __init__(self, url: str = "", **details: object) -> None:
        super().__init__(url)
        self.url = url
        self.details = details

    @property
    def kind(self) -> str:
        """The name of the error's class: what is stored, and what ``advice_for`` takes."""
        return type(self).__name__

    @property
    def reason(self) -> str:
        """One sentence in the active language."""
        return str(self.words) % self.details

    def __str__(self) -> str:
        return f"{self.reason} [{self.url}]" if self.url else self.reason


class FetchError(FeedError):
    """The body did not arrive. ``status`` and ``headers`` are the answer's, if there was one."""

    words = _("The feed could not be fetched.")
    status: int | None = None
    headers: Mapping[str, str] = {}


class BadAddress(FetchError):
    """The address, or one that it redirects to, is no http or https address."""

    words = _("“%(address)s” is not an address that can be fetched.")
    advice = _("Give the feed an address that begins with http:// or https://.")


class BlockedAddress(FetchError):
    """The guard refused the network address behind the name."""

    words = _("The name leads to %(address)s, which is not on the public internet.")
    advice = _(
        "Such addresses are never asked, because they could lead into our own network. Whoever "
        "operates this site can open a network by FETCH_ALLOWED_NETWORKS."
    )


class Unreachable(FetchError):
    """No connection came about."""

    words = _("The server cannot be reached: %(detail)s")
    advice = _(
        "The site may be down, or have another name by now. It is tried again in an hour, then "
        "less and less often, but at least once a day."
    )


class NoSuchHost(Unreachable):
    """There is no such name, or no address behind it."""


class ProxyFailed(Unreachable):
    """The proxy that an editor has named does not serve us."""

    words = _("The proxy does not serve us: %(detail)s")
    advice = _("Look at the proxy under “Access”, or take it out.")


class Timeout(FetchError):
    """Connecting or fetching took longer than the limit."""

    words = _("The server did not answer in time.")


class BrokenAnswer(FetchError):
    """What the server sent is not proper HTTP, or broke off."""

    words = _("The server’s answer is broken, or broke off.")


class TooLarge(FetchError):
    """The unpacked body is larger than the limit."""

    words = _("The feed is larger than %(max_mib)d MiB.")
    advice = _(
        "Look for a shorter feed of the site, such as one without whole texts. This one is tried "
        "again, at least once a day."
    )


class TooManyRedirects(FetchError):
    """More redirects than the limit, or a circle of them."""

    words = _("The address leads on and on without reaching a feed.")
    advice = _(
        "Open the address in a browser and see where it ends. It is tried again, at least once "
        "a day."
    )


_STATUS_WORDS = {
    401: _("The site asks for a password (401)."),
    403: _("The site refuses us (403)."),
    404: _("There is nothing at this address (404)."),
    410: _("The site says that the feed is gone for good (410)."),
    429: _("The site asks us to come less often (429)."),
    503: _("The site is not available at the moment (503)."),
}


_STATUS_ADVICE = {
    401: _("If the publisher has given you a password, put it in under “Access”."),
    403: _(
        "Some sites refuse all robots. Ask the publisher to let this site’s feed reader in, or "
        "look for another address of the feed. It is tried again, at least once a day."
    ),
    404: _(
        "The feed may have moved: look for it on the site and change the address. This one is "
        "tried again, at least once a day."
    ),
    429: _("It is asked again when the site wants it, and less often."),
}


class BadStatus(FetchError):
    """The server answered with something else than a feed. ``retry_after_s`` is its own wish."""

    words = _("The site answered with the error %(status)d.")

    def __init__(
        self,
        url: str = "",
        *,
        status: int = 0,
        retry_after_s: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(url, status=status)
        self.status: int = status
        self.retry_after_s = retry_after_s
        self.headers = dict(headers or {})
        self.advice = _STATUS_ADVICE.get(status, self.advice)

    @property
    def reason(self) -> str:
        """One sentence in the active language."""
        return str(_STATUS_WORDS.get(self.status or 0, self.words)) % self.details


class Gone(BadStatus):
    """410: the publisher has taken the feed down."""

    advice = _(
        "The feed rests. Give it a new address, or delete it; switched on again it is tried."
    )


class Challenged(BadStatus):
    """A wall against robots stands before the site."""

    words = _("The site keeps robots out: it wants proof that a person is there.")
    advice = _(
        "Ask the publisher to let feed readers pass (their feed addresses can be left out of the "
        "wall), or look for another address of the feed. We do not try to get around it."
    )

    @property
    def reason(self) -> str:
        """One sentence in the active language, whatever the status."""
        return str(self.words)


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
    """The body is a page of HTML. ``offers`` are the feeds that it names."""

    words = _("The address leads to a web page, not to a feed.")
    advice = _("Look for the feed’s own address on the site and put it in here.")

    def __init__(self, url: str = "", *, offers: Iterable[OfferedFeed] = ()) -> None:
        super().__init__(url)
        self.offers = tuple(offers)
        if self.offers:
            self.advice = _("The page names feeds: take one of their addresses.")


class ParserGaveUp(ParseError):
    """Reading took longer than the limit, or brought the parser down."""

    words = _("The feed is too large or too tangled to be read.")
    advice = _("Tell the publisher. It is tried again, at least once a day.")


def advice_for(kind: str, *, status: int | None = None, has_offers: bool = False) -> str:
    """Return what an error of this kind advises, in the active language; "" for no such kind."""
    found = _kinds().get(kind)
    if found is None:
        return ""
    if issubclass(found, WebPage):
        offers = [OfferedFeed(url="", title="")] if has_offers else []
        return str(WebPage(offers=offers).advice)
    if found is BadStatus:
        return str(BadStatus(status=status or 0).advice)
    return str(found.advice)


def _kinds() -> dict[str, type[FeedError]]:
    kinds: dict[str, type[FeedError]] = {}
    waiting: list[type[FeedError]] = [FeedError]
    while waiting:
        kind = waiting.pop()
        kinds[kind.__name__] = kind
        waiting += kind.__subclasses__()
    return kinds
