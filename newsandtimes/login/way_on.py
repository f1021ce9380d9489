"""Where somebody was heading who had to set up a second factor first."""

from django.http import HttpRequest

_KEPT_AS = "way_on"


def keep(request: HttpRequest) -> None:
    """Keep the page that was asked for, with its query; what a script asks for is none."""
    if request.headers.get("Sec-Fetch-Dest", "document") == "document":
        request.session[_KEPT_AS] = request.get_full_path()


def way_on(request: HttpRequest) -> str:
    """Return the page that was asked for, "" for none."""
    return str(request.session.get(_KEPT_AS, ""))


def forget(request: HttpRequest) -> None:
    """Keep nothing any more: the way is free, and taken."""
    request.session.pop(_KEPT_AS, None)
