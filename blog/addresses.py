"""The public addresses of our pages and files, as those outside the site must read them."""

from django.conf import settings
from django.utils.encoding import escape_uri_path


def absolute(path: str) -> str:
    """Return the public address of a path of this site; a full address stays as it is.

    The site's name comes from the settings and never from a request's Host header.
    """
    if path.startswith(("https://", "http://")):
        return path
    return f"{settings.SITE_URL}{escape_uri_path(path)}"
