"""Throws damaged documents at the parser; it must never hang, nor raise what it should not.

    .venv/bin/python -m benchmarks.fuzz_parse [--minutes 5] [--seed 1] [--folder more/documents]

Damages documents of every format: flipped bits, cut ends, doubled and swapped pieces, other
encodings, entities and depth. Prints how many were read, refused, and the slowest; ends with an
error if anything but ParseError came out, or if one took longer than the limit.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings

from benchmarks.feed_server import render

ROOT = Path(__file__).resolve().parent.parent
SLOWEST_S = 5.0
PIECES = [
    *(b"<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>", b"&b;", b"&#0;"),
    *(b"<item>", b"</item>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"\x00", b"\xff\xfe"),
    b"<a " * 50,
    *(b"&amp;", b"&nosuch;", b"<div>" * 200, b" xml:base='http://b.example/'", b"xmlns:x='urn:x'"),
    *(b"<link/>", b"<guid/>", b"\xed\xa0\x80", b"\xe2\x80\xae", b"{", b'"items":[', b"]" * 100),
]


def main() -> None:
    """Fuzz until the time is over, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, action="append", default=[])
    options = parser.parse_args()
    settings.configure(USE_I18N=False)
    django.setup()
    fuzz(corpus(options.folder), seconds=60 * options.minutes, seed=options.seed)


def corpus(folders: list[Path]) -> list[bytes]:
    """Return the documents that are damaged."""
    files = [
        path
        for folder in [ROOT / "tests" / "data" / "feeds", *folders]
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.endswith(".expected.json")
    ]
    return [path.read_bytes() for path in files] + [render(1, entries=3)]


def fuzz(documents: list[bytes], *, seconds: float, seed: int) -> None:
    """Parse damaged documents for so many seconds."""
    from aggregator.errors import ParseError
    from aggregator.parse import parse

    chance = random.Random(seed)  # noqa: S311  the same damage in every run
    ended: Counter[str] = Counter()
    slowest, until = 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        body = _damaged(documents, chance)
        started = time.perf_counter()
        try:
            parse(body, url="https://o.example/feed", content_type=chance.choice(_TYPES))
            ended["read"] += 1
        except ParseError as error:
            ended[type(error).__name__] += 1
        except BaseException as error:
            _keep(body)
            sys.exit(f"{error!r} came out; the document is in fuzz-failure.bin (seed {seed})")
        took_s = time.perf_counter() - started
        slowest = max(slowest, took_s)
        if took_s > SLOWEST_S:
            _keep(body)
            sys.exit(f"one took {took_s:.1f} s; the document is in fuzz-failure.bin")
    total = sum(ended.values())
    print(f"{total:,} documents in {seconds:.0f} s ({total / seconds:,.0f}/s), seed {seed}")
    print(", ".join(f"{count:,} {name}" for name, count in ended.most_common()))
    print(f"slowest: {1000 * slowest:.0f} ms")


_TYPES = ["", "text/xml", *(f"text/xml; charset={name}" for name in ("cp1251", "utf-16", "zlib"))]


def _keep(body: bytes) -> None:
    Path("fuzz-failure.bin").write_bytes(body)


def _damaged(documents: list[bytes], chance: random.Random) -> bytes:
    body = bytearray(chance.choice(documents))
    for _ in range(chance.randint(1, 6)):
        if body:
            chance.choice(_DAMAGES)(body, documents, chance)
    return bytes(body)


type _Damage = Callable[[bytearray, list[bytes], random.Random], None]


def _flip(body: bytearray, _documents: list[bytes], chance: random.Random) -> None:
    for _ in range(chance.randint(1, 20)):
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)


def _cut(body: bytearray, _documents: list[bytes], chance: random.Random) -> None:
    start = chance.randrange(len(body))
    del body[start : start + chance.randint(1, 2000)]


def _double(body: bytearray, _documents: list[bytes], chance: random.Random) -> None:
    start = chance.randrange(len(body))
    piece = body[start : start + chance.randint(1, 500)]
    body[start:start] = piece * chance.choice([1, 2, 50])


def _put_in(body: bytearray, _documents: list[bytes], chance: random.Random) -> None:
    start = chance.randrange(len(body))
    body[start:start] = chance.choice(PIECES) * chance.choice([1, 1, 10, 300])


def _splice(body: bytearray, documents: list[bytes], chance: random.Random) -> None:
    other = chance.choice(documents)
    start = chance.randrange(len(other))
    body[chance.randrange(len(body)) :] = other[start : start + 20_000]


def _recode(body: bytearray, _documents: list[bytes], chance: random.Random) -> None:
    text = bytes(body).decode("utf-8", "replace")
    body[:] = text.encode(chance.choice(["utf-16", "cp1251", "koi8-r", "utf-8-sig"]), "replace")


_DAMAGES: list[_Damage] = [_flip, _cut, _double, _put_in, _splice, _recode]


if __name__ == "__main__":
    main()
