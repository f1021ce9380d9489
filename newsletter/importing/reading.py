"""Reads CSV files as people have them, bad bytes, lines and all: records by line. No database.

One bad line costs that line. So lines are put together to records here, not by Python's ``csv``:
there a quote that is never closed swallows the rest of the file.
"""

import codecs
import contextlib
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

LONGEST_LINE = 64 * 1024
MOST_LINES_OF_ONE = 50
"""A text in quotes may hold so many line breaks."""
SAMPLE_BYTES = 1024 * 1024
DELIMITERS = ",;\t"
COLUMNS = (
    *("email", "language", "rhythm"),
    *("consent_at", "consent_form", "consent_text", "confirmed_at"),
)
NEEDED = ("email", "confirmed_at")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class UnreadableFileError(ValueError):
    """The file is no CSV file with the columns that are needed; says what is wrong."""

    def __init__(self, missing: Sequence[str] = ()) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Record:
    """A line with its values by column, or None where it cannot be read."""

    line: int
    values: dict[str, str] | None


def records(file: BinaryIO, *, fallback: str = "windows-1252") -> Iterator[Record]:
    """Yield the records below the header of a file that is read from its beginning.

    UTF-8 and UTF-16 are known by their marks; what is not UTF-8 is taken for ``fallback``. Commas,
    semicolons and tabs are told apart by the header. Raises UnreadableFileError.
    """
    lines = _joined(_lines(file, _encoding_of(file, fallback=fallback)))
    first = next(lines, None)
    header_text = first[1] if first else None
    if not header_text or "\0" in header_text:
        raise UnreadableFileError(NEEDED)
    delimiter = max(DELIMITERS, key=header_text.count)
    header = [_name(cell) for cell in _cells(header_text, delimiter) or ()]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise UnreadableFileError(missing)
    for number, text in lines:
        if text is None or text.strip(" \t\r\n;,"):
            yield Record(number, _values(text, header, delimiter))


def _encoding_of(file: BinaryIO, *, fallback: str) -> str:
    sample = file.read(SAMPLE_BYTES)
    file.seek(0)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        decoder.decode(sample)  # a letter that is cut off at the end is none of its faults
    except UnicodeDecodeError:
        return fallback
    return "utf-8-sig"


def _lines(file: BinaryIO, encoding: str) -> Iterator[tuple[int, str | None]]:
    """Yield the lines, numbered from 1; None for one that is too long or not in the encoding."""
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    number = 0
    try:
        while line := text.readline(LONGEST_LINE):
            number += 1
            is_whole = line.endswith(("\n", "\r")) or len(line) < LONGEST_LINE
            while not is_whole:
                rest = text.readline(LONGEST_LINE)
                is_whole = not rest or rest.endswith(("\n", "\r"))
                line = "\ufffd"
            yield number, None if "\ufffd" in line or "\0" in line else line
    finally:
        with contextlib.suppress(ValueError):  # whoever opened the file has closed it
            text.detach()


def _joined(lines: Iterator[tuple[int, str | None]]) -> Iterator[tuple[int, str | None]]:
    """Put lines together where a break stands in quotes; number them by their first one."""
    held: list[tuple[int, str | None]] = []
    for number, line in lines:
        held.append((number, line))
        while held and (taken := _first_record(held, is_last=False)):
            yield held[0][0], taken[0]
            del held[: taken[1]]
    while held and (taken := _first_record(held, is_last=True)):
        yield held[0][0], taken[0]
        del held[: taken[1]]


def _first_record(
    held: Sequence[tuple[int, str | None]], *, is_last: bool
) -> tuple[str | None, int] | None:
    """Return the first record of some lines and how many it took; None if more are needed."""
    text = ""
    for count, (_, line) in enumerate(held, start=1):
        if line is None:
            # It is bad itself, or one within the quotes of a record that is not closed before it.
            return None, 1
        text += line
        if text.count('"') % 2 == 0:
            return text, count
    return (None, 1) if is_last or len(held) >= MOST_LINES_OF_ONE else None


def _values(text: str | None, header: Sequence[str], delimiter: str) -> dict[str, str] | None:
    cells = _cells(text, delimiter) if text is not None else None
    if cells is None or len(cells) > len(header):
        return None
    return dict(zip(header, map(_plain, cells), strict=False))


def _cells(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), None)
    except csv.Error:
        return None


def _name(cell: str) -> str:
    return cell.strip().lower().replace(" ", "_").replace("-", "_")


def _plain(cell: str) -> str:
    """Take off the mark by which our export keeps spreadsheets from running a cell."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
