"""What codes say of an address."""

from datetime import UTC, datetime

import pytest

from newsletter.bounces.report import Kind, fingerprint, from_answer, kind_of, plain
from newsletter.models import Bounce

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_kinds_are_those_of_the_stored_rows():
    assert {kind.value for kind in Kind} == set(Bounce.Kind.values)


@pytest.mark.parametrize(
    ("status", "diagnostic", "kind"),
    [
        ("5.1.1", "", Kind.HARD),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", Kind.HARD),
        ("5.2.1", "", Kind.HARD),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", Kind.HARD),
        ("5.5.0", "", Kind.HARD),
        ("5.2.2", "", Kind.QUOTA),
        ("4.2.2", "", Kind.QUOTA),
        ("4.4.1", "", Kind.SOFT),
        ("4.7.1", "", Kind.SOFT),
        ("5.4.7", "", Kind.SOFT),
        ("5.3.1", "", Kind.SOFT),
        ("5.7.1", "550 5.7.1 no such user here, said loudly", Kind.POLICY),
        ("5.7.606", "", Kind.POLICY),
        ("5.1.8", "", Kind.POLICY),
        ("5.2.3", "", Kind.POLICY),
        ("5.6.0", "", Kind.POLICY),
        # No status of its own: what the answer carries, then the answer's code.
        ("5.0.0", "550-5.7.26 This mail is unauthenticated", Kind.POLICY),
        ("5.0.0", "550 Unknown user", Kind.HARD),
        ("5.0.0", "554 Message rejected", Kind.POLICY),
        ("5.0.0", "552 mailbox full", Kind.QUOTA),
        ("5.0.0", "", Kind.HARD),
        ("4.0.0", "", Kind.SOFT),
        ("", "553 sorry, no mailbox here by that name (#5.1.1)", Kind.HARD),
        ("", "550 <a@b.example>: user unknown", Kind.HARD),
        ("", "451 try later", Kind.SOFT),
        ("", "503 bad sequence", Kind.SOFT),
        ("", "421", Kind.SOFT),
    ],
)
def test_kind_follows_codes_and_never_words(status, diagnostic, kind):
    assert kind_of(status, diagnostic) == kind


def test_address_of_a_server_is_no_status():
    assert kind_of("", "550 Unknown user at 5.7.1.9 said host") == Kind.HARD


def test_answer_of_a_server_is_a_report():
    report = from_answer(
        delivery_id=7, code=550, answer="5.1.1 <a@b.example>:\r\n\x00no such user", at=NOW
    )
    assert (report.kind, report.status) == (Kind.HARD, "5.1.1")
    assert report.diagnostic == "550 5.1.1 <a@b.example>: no such user"
    assert report.fingerprint == fingerprint("smtp", 7, None, NOW.isoformat())
    bare = from_answer(delivery_id=7, code=550, answer="550 no", at=NOW)
    assert (bare.kind, bare.status, bare.diagnostic) == (Kind.HARD, "550", "550 no")


def test_plain_text_is_one_cut_line():
    assert plain("a\r\n\tb\x1b[31m\ud800 c", max_length=20) == "a b [31m c"
    assert plain("я" * 900, max_length=500) == "я" * 500
