"""What mail servers, complaint programmes and holiday notes say, and what is made of it."""

import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.bounces.mime import MAX_BYTES, take_apart
from newsletter.bounces.parsing import parse
from newsletter.bounces.report import MAX_DIAGNOSTIC, MAX_EVIDENCE, Kind

DATA = Path(__file__).parents[2] / "data" / "bounces"
NAMES = sorted(path.stem for path in DATA.glob("*.eml"))
OURS = "mail+b12.aaaaaaaaaaaaaaaaaaaaaaaa@lists.review.example"


def read(name):
    return (DATA / f"{name}.eml").read_bytes()


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("name", NAMES)
def test_mail_says_what_stands_beside_it(name, end):
    said = json.loads((DATA / f"{name}.json").read_text())
    incoming = parse(read(name).replace(b"\n", end))

    found = [{"kind": str(r.kind), "status": r.status} for r in incoming.reports]
    assert found == said["reports"]
    assert list(incoming.message_ids) == said.get("message_ids", [])
    for report in incoming.reports:
        assert report.diagnostic == said.get("diagnostic", report.diagnostic)
        assert said.get("evidence", "") in report.evidence
        assert report.at == datetime.fromisoformat(said.get("at", report.at.isoformat()))
    if "quoted" in said:
        assert set(said["quoted"]) <= set(incoming.quoted)


def test_every_form_has_its_expected_result():
    assert len(NAMES) >= 35
    assert sorted(path.stem for path in DATA.glob("*.json")) == NAMES


def test_addresses_are_told_by_how_far_they_can_be_trusted():
    incoming = parse(read("postfix"), recipients=["given@lists.review.example"])
    assert incoming.addressed_to == ("given@lists.review.example", OURS)
    assert OURS in incoming.quoted
    assert "mailto:" not in "".join(incoming.quoted)
    assert any(address.startswith("mail+u12.") for address in incoming.quoted)


def test_a_report_has_one_fingerprint_however_it_travels():
    plain = parse(read("postfix"))
    travelled = parse(b"Received: from elsewhere\nDelivered-To: x@y.example\n" + read("postfix"))
    other = parse(read("exim"))
    assert plain.reports[0].fingerprint == travelled.reports[0].fingerprint
    assert plain.reports[0].fingerprint != other.reports[0].fingerprint


def test_holiday_note_keeps_no_word_of_it():
    (report,) = parse(read("vacation")).reports
    assert (report.kind, report.evidence) == (Kind.AUTO, "")


def test_evidence_holds_fields_and_notice_but_not_the_returned_mail():
    (report,) = parse(read("postfix")).reports
    assert "Subject: Undelivered Mail Returned to Sender" in report.evidence
    assert "Remote-Mta: dns; mx.example.org" in report.evidence
    assert "I'm sorry to have to inform you" in report.evidence
    assert "Four stories" not in report.evidence


def test_evidence_can_be_stored_and_is_cut():
    raw = read("postfix").replace(b"I'm sorry", b"\x00\x1b\xff" + b"x" * 20_000)
    (report,) = parse(raw).reports
    assert len(report.evidence) == MAX_EVIDENCE
    assert "\x00" not in report.evidence
    assert "\x1b" not in report.evidence
    report.evidence.encode()


def test_report_of_many_recipients_is_cut():
    block = b"\nFinal-Recipient: rfc822; r@example.org\nAction: failed\nStatus: 5.1.1\n"
    raw = read("postfix").replace(b"\nFinal-Recipient", block * 500 + b"\nFinal-Recipient", 1)
    assert len(parse(raw).reports) == 20


# --- Hostile mail --------------------------------------------------------------------------------


def nested(depth):
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )
    return b"From: mailer-daemon@x.example\n" + head + b"\n550 5.1.1 no\n"


HOSTILE = {
    "nothing": b"",
    "one byte": b"\x00",
    "no newline": b"a" * 3_000_000,
    "header without end": b"Subject: " + b"x" * 3_000_000,
    "many headers": b"X-A: b\n" * 300_000,
    "many parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 40_000,
    "deep": nested(3_000),
    "deep messages": b"Content-Type: message/rfc822\n\n" * 8_000,
    "folded for ever": b"Subject: a\n" + b" b\n" * 300_000,
    "odd charset": b"Content-Type: text/plain; charset=idna\n\n" + b"xn--" * 60_000,
    "no charset": b"Content-Type: text/plain; charset=\xff\xfe\n\nabc",
    "bad base64": b"Content-Transfer-Encoding: base64\nContent-Type: message/delivery-status\n\n=",
    "uuencoded": b"Content-Transfer-Encoding: x-uuencode\n\nbegin 666 x\n\xff\xff\xffM\nend\n",
    "8 bit header": b"From: \xff\xfe <\xff@\xff>\nTo: \xd0\xb0@\xd0\xb1\nDate: \xff\n\n",
    "encoded words": b"Subject: =?utf-8?B?////?= =?x?Q?=FF?= =?utf-7?Q?+?=\n\n",
    "bad date": b"Auto-Submitted: auto-replied\nDate: Mon, 99 Foo 99999999999 99:99 +99999999\n\n",
    "fields": b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 20_000,
    "address": b"To: " + b"a@" * 100_000 + b"\n\n",
    "digits": b"From: mailer-daemon@x\n\n" + b"5.5." * 50_000 + b"5 " + b"1" * 60_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_costs_little_and_raises_nothing(name):
    tracemalloc.start()
    started = perf_counter()
    incoming = parse(HOSTILE[name])
    seconds = perf_counter() - started
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(incoming.reports) <= 20
    assert seconds < 5  # some tenths without tracing
    assert most < 40 * MAX_BYTES


def test_what_stands_behind_the_limit_is_not_read():
    mail = take_apart(b"Subject: a\n\n" + b"x" * 10_000_000)
    assert len(mail.first("text/plain")) < MAX_BYTES


PIECES = [line + b"\n" for name in NAMES for line in read(name).split(b"\n")]


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=80), max_size=80))
@settings(max_examples=300, deadline=None)
def test_shuffled_reports_raise_nothing(lines):
    for report in parse(b"".join(lines)).reports:
        assert report.kind in Kind
        assert len(report.diagnostic) <= MAX_DIAGNOSTIC
        report.evidence.encode()
        report.diagnostic.encode()


@given(st.sampled_from(NAMES), st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_reports_raise_nothing(name, data):
    raw = bytearray(read(name))
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=10))
    for report in parse(bytes(raw)).reports:
        assert report.at is None or report.at.tzinfo == UTC
