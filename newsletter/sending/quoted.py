"""Quoted-printable (RFC 2045, 6.7) with room for what is filled in later."""

from email.quoprimime import body_encode


def encode(text: str, *, mark: str) -> bytes:
    """Return ``text`` encoded in lines of at most 76 characters that end in CRLF.

    Wherever ``mark`` stands in it, it stands alone on a line, between soft line breaks: what it is
    replaced by may be as long as such a line, of characters that need no encoding.
    """
    lines = b"\n".join(text.encode().splitlines()) + b"\n"
    *before, last = lines.split(mark.encode())
    return b"".join(_up_to_a_mark(part, mark) for part in before) + _encoded(last)


def _up_to_a_mark(part: bytes, mark: str) -> bytes:
    # With one letter more, the last line keeps room for its soft line break.
    return _encoded(part + b"x")[:-1] + f"=\r\n{mark}=\r\n".encode()


def _encoded(part: bytes) -> bytes:
    return body_encode(part.decode("latin-1"), eol="\r\n").encode()
