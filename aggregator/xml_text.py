"""References to what may not stand in XML 1.0, and takes a document with it. Pure."""

import re

from blog.xml_text import FORBIDDEN, without_forbidden

__all__ = ["without_forbidden", "without_forbidden_references"]

_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_MOST_DIGITS = 10
_LAST = 0x10FFFF


def without_forbidden_references(text: str) -> str:
    """Return ``text`` without numeric references to such characters, and to none at all (4.1)."""
    return _REFERENCE.sub(_kept_reference, text)


def _kept_reference(match: re.Match[str]) -> str:
    digits, base = (match[1], 16) if match[1] else (match[2], 10)
    digits = digits.lstrip("0")
    code = int(digits, base) if 0 < len(digits) <= _MOST_DIGITS else 0
    is_character = 0 < code <= _LAST and not FORBIDDEN.match(chr(code))
    return match[0] if is_character else ""
