"""Bytes to text, whatever they claim."""

import codecs

import pytest

from aggregator.charset import decode

TEXT = "<?xml version='1.0'{}?><t>Їжак і ёлка: «так»</t>"
RUSSIAN = "<?xml version='1.0'{}?><t>Съешь ещё этих булок</t>"
LATIN = "<?xml version='1.0'{}?><t>Ça a été “dit” – déjà</t>"


def declared(text, name):
    return text.format(f" encoding='{name}'")


@pytest.mark.parametrize(
    ("text", "encoding", "claim", "content_type"),
    [
        (TEXT, "utf-8", "utf-8", ""),
        (TEXT, "cp1251", "windows-1251", ""),
        (TEXT, "cp1251", "CP-1251", ""),
        (TEXT, "cp1251", "win-1251", ""),
        (TEXT, "cp1251", "", "text/xml; charset=windows-1251"),
        (RUSSIAN, "koi8-r", "KOI8-R", ""),
        (RUSSIAN, "koi8-r", "utf-8", "text/xml;charset='koi8-r'"),
        (LATIN, "cp1252", "ISO-8859-1", ""),
        (LATIN, "cp1252", "us-ascii", ""),
        # Lies and gaps: the bytes are stronger than the claim.
        (TEXT, "utf-8", "windows-1251", ""),
        (TEXT, "utf-8", "", "text/xml; charset=ISO-8859-1"),
        (TEXT, "cp1251", "utf-8", ""),
        (TEXT, "cp1251", "", ""),
        (LATIN, "cp1252", "utf-8", ""),
        (LATIN, "cp1252", "", ""),
        (TEXT, "utf-8", "rot13", "text/xml; charset=zlib"),
        (TEXT, "utf-8", "utf-7", "text/xml; charset=unicode_escape"),
        (TEXT, "utf-8", "utf-16", ""),
        (TEXT, "utf-16-le", "utf-16", ""),
        (TEXT, "utf-16-be", "", ""),
    ],
)
def test_text_is_read_whatever_is_claimed(text, encoding, claim, content_type):
    whole = declared(text, claim) if claim else text.format("")
    assert decode(whole.encode(encoding), content_type=content_type) == whole


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_is_believed_and_dropped(mark, encoding):
    whole = declared(TEXT, "windows-1251")
    assert decode(mark + whole.encode(encoding), content_type="charset=koi8-r") == whole


def test_one_broken_byte_does_not_turn_the_rest_into_another_alphabet():
    assert decode("Їжак їсть \xff яблука".encode()[:-1] + b"\xff").startswith("Їжак їсть")
    assert decode("Київ ".encode() * 10 + b"\xd0") == "Київ " * 10 + "\ufffd"


def test_utf7_is_never_used():
    assert decode(b"<?xml version='1.0' encoding='utf-7'?>+ADw-script+AD4-").endswith(
        "+ADw-script+AD4-"
    )
