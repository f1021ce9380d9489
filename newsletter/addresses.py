"""E-mail addresses: which are accepted, and in what form two of them are compared."""

import re
import unicodedata

from django.utils.encoding import punycode

MAX_BYTES = 254  # RFC 5321, 4.5.3.1.3: a path of 256 octets less its angle brackets
MAX_LOCAL_BYTES = 64  # RFC 5321, 4.5.3.1.1
ASCII_ATOM = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~"
)
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class InvalidAddressError(ValueError):
    """The text is no e-mail address that mail could be sent to."""


def clean_address(text: str) -> str:
    """Return the one e-mail address in ``text``, composed (NFC), its domain in lower case.

    Letters of every script may stand on both sides of the @ (RFC 6531). Quoted local parts,
    address literals, display names, controls and white space are refused: no such address takes
    part in a newsletter, and each is a way into a mail's headers.

    Raises InvalidAddressError.
    """
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    if not at or not _is_local_part(local) or not _is_domain(domain):
        raise InvalidAddressError(text)
    address = f"{local}@{domain.lower()}"
    if max(_wire_bytes(address), len(address), len(_key(address))) > MAX_BYTES:
        raise InvalidAddressError(text)
    return address


def email_key(address: str) -> str:
    """Return ``address`` in the form under which equal addresses are equal.

    Upper and lower case are one, as are composed and decomposed letters and the two spellings of
    an international domain (``пошта.укр``, ``xn--80a1acn3a.xn--j1amh``). Dots and ``+tags`` are
    left alone: they mean what the receiving server says.

    Raises InvalidAddressError.
    """
    return _key(clean_address(address))


def is_ascii_local(address: str) -> bool:
    """Say whether every mail server can be handed this address; the others need SMTPUTF8."""
    return address.rpartition("@")[0].isascii()


def _key(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{unicodedata.normalize('NFC', local.casefold())}@{_in_ascii(domain)}"


def _wire_bytes(address: str) -> int:
    local, _, domain = address.rpartition("@")
    return len(local.encode()) + 1 + len(_in_ascii(domain))


def _is_local_part(local: str) -> bool:
    atoms = local.split(".")
    return all(atoms) and all(map(_is_atext, local.replace(".", ""))) and _fits(local)


def _fits(local: str) -> bool:
    return len(local.encode()) <= MAX_LOCAL_BYTES


def _is_atext(character: str) -> bool:
    """Say whether an atom may hold it: RFC 5322 atext, or a letter, mark or digit elsewhere."""
    if character.isascii():
        return character in ASCII_ATOM
    return unicodedata.category(character)[0] in "LMN"


def _is_domain(domain: str) -> bool:
    labels = _in_ascii(domain).split(".")
    return (
        all(map(_is_atext, domain.replace(".", "")))  # punycode drops what it cannot show
        and len(labels) > 1
        and all(LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdecimal()
    )


def _in_ascii(domain: str) -> str:
    """Return the domain as DNS knows it; an empty string if it cannot be written so."""
    try:
        return punycode(domain).lower()
    except UnicodeError:
        return ""
