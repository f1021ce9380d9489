"""What may not stand in XML 1.0, and takes a whole document with it where it does. Pure."""

import re

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def without_forbidden(text: str) -> str:
    """Return ``text`` without the characters that XML forbids (2.2), however they are written."""
    return FORBIDDEN.sub("", text)
