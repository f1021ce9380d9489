"""CSV files as people have them: every bad line costs that line alone."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.importing.reading import UnreadableFileError, records

HEADER = b"email,confirmed_at,consent_text\r\n"


def read(data, **options):
    found = records(io.BytesIO(data), **options)
    return [(record.line, record.values and record.values["email"]) for record in found]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_usual_forms_are_told_apart(delimiter, encoding, end):
    rows = [["Confirmed At", "E-Mail".replace("-", ""), "note"], ["2026-01-01", "я@пошта.укр", "x"]]
    text = end.join(delimiter.join(row) for row in rows) + end
    (record,) = records(io.BytesIO(text.encode(encoding)))

    assert record.line == 2
    assert record.values == {"confirmed_at": "2026-01-01", "email": "я@пошта.укр", "note": "x"}


def test_what_is_no_unicode_is_read_by_the_sites_own_code_page():
    data = HEADER + 'a@b.org,2026-01-01,"Раз на день"\n'.encode("windows-1251")
    (record,) = records(io.BytesIO(data), fallback="windows-1251")

    assert record.values["consent_text"] == "Раз на день"


def test_text_in_quotes_may_hold_breaks_delimiters_and_quotes():
    data = HEADER + b'a@b.org,2026-01-01,"One, ""two""\nthree"\r\nc@d.org,2026-01-01,x\n'
    first, second = records(io.BytesIO(data))

    assert (first.line, first.values["consent_text"]) == (2, 'One, "two"\nthree')
    assert (second.line, second.values["email"]) == (4, "c@d.org")


def test_each_bad_line_costs_itself_alone():
    good = b"a@b.org,2026-01-01,x\n"
    lines = [
        good,
        b"b@b.org,2026-01-01,x,too,many\n",
        good,
        b'c@b.org,2026-01-01,"never closed\n',
        *[good] * 60,
        b"d@b.org,2026-01-01,\x00\n",
        b"e@b.org," + b"x" * 200_000 + b"\n",
        b'f@b.org,2026-01-01,"x"y\n',
        b"\n",
        b",,\n",
        good,
        b"g@b.org,2026-01-01,last without an end",
    ]
    found = read(HEADER + b"".join(lines))

    assert [line for line, email in found if email is None] == [3, 5, 66, 67, 68]
    assert sum(email == "a@b.org" for _line, email in found) == 63
    assert found[-1] == (72, "g@b.org")


def test_bytes_that_are_no_utf8_far_into_the_file_cost_their_line():
    many = b"a@b.org,2026-01-01,x\n" * 60_000
    found = read(HEADER + many + b"b@b.org,2026-01-01,\xff\xfe\nc@b.org,2026-01-01,x\n")

    assert found[-2:] == [(60_002, None), (60_003, "c@b.org")]


@pytest.mark.parametrize("data", [b"", b"\n", b"\x00\x00", b"email\na@b.org\n", b"PK\x03\x04\xff"])
def test_file_without_the_columns_is_refused(data):
    with pytest.raises(UnreadableFileError) as caught:
        read(data)
    assert "confirmed_at" in caught.value.missing


def test_mark_of_our_own_export_is_taken_off():
    assert read(HEADER + b"'+tag@b.org,2026-01-01,'=x\n") == [(2, "+tag@b.org")]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    for record in records(io.BytesIO(HEADER + data)):
        assert record.line >= 2
        assert record.values is None or record.values.keys() <= {
            *("email", "confirmed_at", "consent_text")
        }


def test_memory_does_not_grow_with_the_file():
    line = b"a@b.org,2026-01-01,x\n"
    data = io.BytesIO(HEADER + line * 200_000)
    tracemalloc.start()
    assert sum(1 for _ in records(data)) == 200_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 4 * 1024 * 1024
