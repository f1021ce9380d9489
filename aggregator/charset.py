"""Turns the bytes of a feed into text, whatever they claim to be. Pure functions."""

import codecs
import re

# Longer marks first: UTF-32's little-endian one starts with UTF-16's.
_MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
_UNMARKED_STARTS = [
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
]
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]{2,40})", re.IGNORECASE)
_XML_CHARSET = re.compile(
    rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:+-]{2,40})\s*[\"']", re.IGNORECASE
)
_WINDOWS_ALIAS = re.compile(r"^(?:cp|win|windows)[-_]?(125\d)$")

# What the web calls by these names is the Windows code page (WHATWG Encoding).
_WINDOWS_1252 = {"ascii", "iso8859-1"}
_SINGLE_BYTE = {
    *(f"cp{number}" for number in (437, 866, 874, *range(1250, 1259))),
    *(f"iso8859-{number}" for number in (*range(2, 12), *range(13, 17))),
    *("koi8-r", "koi8-u", "mac-cyrillic", "mac-roman", "tis-620"),
}
_MULTI_BYTE = {
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *("gb2312", "gbk", "gb18030", "big5", "big5hkscs", "euc_jp", "shift_jis", "cp932"),
    *("iso2022_jp", "euc_kr", "cp949"),
}
_WIDE_UNICODE = ("utf-16", "utf-32")
_CYRILLIC_WORD = re.compile(rb"[\xc0-\xff\xa8\xb8\xaa\xba\xaf\xbf\xb2\xb3\xa5\xb4]{4,}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")


def decode(body: bytes, *, content_type: str = "") -> str:
    """Decode a feed: by its byte order mark, the HTTP charset, the XML declaration, else by guess.

    A claim that the bytes refute is passed over. Never fails; what cannot be read is U+FFFD.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for start, name in _UNMARKED_STARTS:
        if body.startswith(start):
            return body.decode(name, "replace")
    text = _as_claimed(body, content_type)
    return _guessed(body) if text is None else text


def _as_claimed(body: bytes, content_type: str) -> str | None:
    is_utf8 = _decoded(body, "utf-8") is not None
    for claim in _claims(body, content_type):
        name = _codec(claim)
        # No single-byte code page can fail, so its name alone proves nothing; text in such a
        # page, on the other hand, is next to never valid UTF-8.
        if name in _SINGLE_BYTE and is_utf8:
            name = "utf-8"
        text = _decoded(body, name)
        if text is not None:
            return text
    return None


def _claims(body: bytes, content_type: str) -> list[str]:
    http = _HTTP_CHARSET.search(content_type)
    declared = _XML_CHARSET.match(body[:400])
    return [
        *([http[1]] if http else []),
        *([declared[1].decode("ascii", "replace")] if declared else []),
        "utf-8",
    ]


def _codec(claim: str) -> str:
    """Return Python's name of a charset that a feed may be in, or ""."""
    label = claim.strip().lower()
    label = _WINDOWS_ALIAS.sub(r"cp\1", label)
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return ""
    if name in _WINDOWS_1252:
        return "cp1252"
    # The bytes are readable as ASCII so far; a wide encoding is then a slip of the author.
    if name.startswith(_WIDE_UNICODE) or name not in _SINGLE_BYTE | _MULTI_BYTE:
        return ""
    return "gb18030" if name in {"gb2312", "gbk"} else name


def _decoded(body: bytes, name: str) -> str | None:
    if not name:
        return None
    try:
        # The few bytes that mean nothing in a code page are no reason to doubt the rest.
        return body.decode(name, "replace" if name in _SINGLE_BYTE else "strict")
    except UnicodeDecodeError:
        return None


def _guessed(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    foreign = sum(not character.isascii() for character in text)
    # Text in a code page hardly ever makes a proper sequence of UTF-8 by accident.
    if broken * 2 < foreign:
        return text
    cyrillic = sum(len(word) for word in _CYRILLIC_WORD.findall(body))
    is_cyrillic = cyrillic * 2 > len(_HIGH_BYTE.findall(body))
    return body.decode("cp1251" if is_cyrillic else "cp1252", "replace")
