"""A mail from anywhere as header fields and texts: nothing in it can raise, grow or take long."""

import email
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any

logger = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024
"""What is behind is not read: reports stand before the mail that they return."""
MAX_PARTS = 50
MAX_DASHES = 500
"""Lines that may begin a part: each costs a look, a part even where nobody asks for it."""
MAX_FIELDS = 500
MAX_FIELD = 2_000

# Kept as they stand: email would parse them into trees of messages, without undoing their encoding.
LEFT_WHOLE = re.compile(
    rb"^(content-type:\s*)message/((?:global-)?delivery-status|feedback-report"
    rb"|(?:global-)?disposition-notification|rfc822|global|rfc822-headers|global-headers)(?![\w-])",
    re.IGNORECASE | re.MULTILINE,
)
# No codec that unpacks, escapes or computes.
CHARSETS = re.compile(
    r"(utf-?8|us-ascii|ascii|iso-8859-\d+|latin-?1|windows-12\d\d|cp(1[012]\d\d|8\d\d)|koi8-[rut]"
    r"|gb2312|gbk|gb18030|big5|euc-?(jp|kr)|shift_jis|iso-2022-(jp|kr)|utf-16(le|be)?)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fields:
    """Header fields, or those of a report: names in lower case, in their order."""

    items: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Return the first of this name, or ""."""
        return next(iter(self.all(name)), "")

    def all(self, *names: str) -> list[str]:
        """Return all of these names, those of the first name first."""
        return [value for name in names for key, value in self.items if key == name]

    def __bool__(self) -> bool:
        return bool(self.items)


@dataclass(frozen=True)
class Part:
    """One leaf of a mail, ``type`` in lower case; ``x-whole/rfc822`` was message/rfc822."""

    type: str
    text: str


@dataclass(frozen=True)
class Mail:
    """A mail, taken apart."""

    fields: Fields
    parts: tuple[Part, ...] = ()
    raw: bytes = field(default=b"", repr=False)

    def first(self, *types: str) -> str:
        """Return the text of the first part of one of these types, or ""."""
        return next((part.text for part in self.parts if part.type in types), "")


def take_apart(raw: bytes) -> Mail:
    """Return what a mail's bytes say. Whatever cannot be read is left out."""
    raw = _cut(raw[:MAX_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    try:
        message = email.message_from_bytes(LEFT_WHOLE.sub(rb"\1x-whole/\2", raw))
        parts = tuple(_parts(message))
    # Depth alone makes email raise RecursionError, and its oddities more than one can list.
    except Exception as error:
        logger.info("A mail's parts cannot be told: %r", error)
        return Mail(_header_of(raw), (), raw)
    return Mail(_fields_of(message), parts, raw)


def read_fields(text: str) -> Iterator[Fields]:
    """Yield the blocks of ``Name: value`` lines between empty lines, folded lines joined."""
    for block in re.split(r"\n[ \t]*\n+", text.replace("\r\n", "\n").replace("\r", "\n")):
        items: list[tuple[str, str]] = []
        for line in block.split("\n")[:MAX_FIELDS]:
            name, colon, value = line.partition(":")
            if line[:1] in {" ", "\t"} and items:
                last = items[-1]
                items[-1] = (last[0], f"{last[1]} {line.strip()}"[:MAX_FIELD])
            elif colon and name.strip() and " " not in name.strip():
                items.append((name.strip().lower(), value.strip()[:MAX_FIELD]))
        if items:
            yield Fields(tuple(items))


def words_of(value: str) -> str:
    """Return a header's words with the encoding of RFC 2047 undone, as far as it can be."""
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, MessageError):
        return value


def _cut(raw: bytes) -> bytes:
    return b"\n--".join(raw.split(b"\n--", MAX_DASHES)[:MAX_DASHES])


def _parts(message: Message) -> Iterator[Part]:
    charset = ""
    for number, part in enumerate(message.walk()):
        if number >= MAX_PARTS:
            return
        if not part.is_multipart():
            # Fields of a report name no charset: they are in that of the notice before them.
            charset = _charset_of(part) or charset
            yield Part(part.get_content_type(), _text_of(part, charset))


def _charset_of(part: Message) -> str:
    charset = str(part.get_content_charset() or "")
    return charset if CHARSETS.fullmatch(charset) else ""


def _text_of(part: Message, charset: str) -> str:
    payload: Any = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    for known in filter(None, [_charset_of(part), "utf-8", charset]):
        try:
            return payload.decode(known)
        except (LookupError, UnicodeError):
            continue
    return payload.decode("utf-8", errors="replace")


def _fields_of(message: Message) -> Fields:
    items = list(message.items())[:MAX_FIELDS]
    return Fields(tuple((name.lower(), " ".join(str(v).split())[:MAX_FIELD]) for name, v in items))


def _header_of(raw: bytes) -> Fields:
    try:
        return _fields_of(BytesHeaderParser().parsebytes(raw))
    except Exception as error:
        logger.info("A mail's header cannot be told: %r", error)
        return Fields()
