import email
import email.policy
from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import example, given
from hypothesis import strategies as st

from blog.models import SiteSettings
from newsletter import envelope, tokens
from newsletter.models import Delivery, Digest, Edition, MailSettings, Subscriber, Variant
from newsletter.sending.identity import new_message_id
from newsletter.sending.message import Letter

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MARK = "0123456789abcdef" * 2
TEXT = (
    f"Привіт!\n\n.A line with a dot\nРозклад: https://testserver/subscription/{MARK}/\n"
    + "x" * 2000
)
HTML = (
    f'<p>Привіт = hello &amp; <a href="https://testserver/subscription/{MARK}/">You</a> '
    f'<a href="https://testserver/subscription/{MARK}/unsubscribe/">Leave</a></p>'
)


def make_letter(*, site=None, mail=None, digest=None, kind=Edition.Kind.DIGEST, **variant):
    if kind == Edition.Kind.DIGEST:
        digest = Digest(**{"title": "The daily review", "slug": "daily"} | (digest or {}))
    edition = Edition(pk=41, kind=kind, digest=digest)
    fields = {"subject": "Огляд: 3 новини", "text": TEXT, "html": HTML, "language": "uk"} | variant
    return Letter(
        Variant(edition=edition, mark=MARK, **fields),
        site=SiteSettings(**{"title": "The Review"} | (site or {})),
        mail=MailSettings(**mail or {}),
    )


def make_row(address="reader@example.org"):
    delivery = Delivery(pk=7, message_id="one@testserver")
    return delivery, Subscriber(email=address, key="k" * 22)


def parsed(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def written(letter=None, *, to="reader@example.org"):
    return (letter or make_letter()).as_bytes(*make_row(to), now=NOW)


def parts(message):
    return [part.get_content().replace("\r\n", "\n") for part in message.iter_parts()]


AS_IT_IS = email.policy.SMTP.clone(refold_source="none")
TOKEN_KEY = "k" * 22


def test_letter_says_the_same_as_a_mail_that_django_builds():
    token = tokens.make_subscription(TOKEN_KEY)
    theirs = EmailMultiAlternatives(
        subject="Огляд: 3 новини",
        body=TEXT.replace(MARK, token),
        from_email="The Review <review@testserver>",
        to=["reader@example.org"],
        headers={"Date": "Mon, 23 Nov 2026 12:00:00 +0000", "Message-ID": "<one@testserver>"},
    )
    theirs.attach_alternative(HTML.replace(MARK, token), "text/html")
    wanted = parsed(theirs.message(policy=email.policy.SMTP).as_bytes())

    got = parsed(written())

    assert parts(got) == parts(wanted)
    assert [part.get_content_type() for part in got.iter_parts()] == ["text/plain", "text/html"]
    assert {name: got[name] for name in ("Subject", "From", "To", "Date", "Message-ID")} == {
        name: wanted[name] for name in ("Subject", "From", "To", "Date", "Message-ID")
    }
    assert MARK not in "".join(parts(got))
    assert not [defect for part in got.walk() for defect in part.defects]


def test_letter_has_the_headers_of_a_list(settings):
    settings.SITE_URL = "https://review.example"
    settings.BOUNCE_ADDRESS = "mail@lists.example"
    token = tokens.make_subscription(TOKEN_KEY)
    page = f"https://review.example/subscription/{token}/"

    raw = written(make_letter(mail={"feedback_id": "newsreview"}))
    headers = {name: str(value) for name, value in parsed(raw).items()}

    assert headers.pop("Content-Type").startswith('multipart/alternative; boundary="=_')
    assert headers == {
        "Date": "Mon, 23 Nov 2026 12:00:00 +0000",
        "Message-ID": "<one@testserver>",
        "To": "reader@example.org",
        "List-Unsubscribe": f"<{page}unsubscribe/>, <mailto:{envelope.leaving_address(7)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Help": f"<{page}>",
        "List-Id": "The daily review <daily.review.example>",
        "List-Subscribe": "<https://review.example/subscribe/>",
        "List-Archive": "<https://review.example/newsletter/>",
        "List-Post": "NO",
        "Feedback-ID": "41:daily:digest:newsreview",
        "From": "The Review <review@testserver>",
        "Subject": "Огляд: 3 новини",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
        "Content-Language": "uk",
        "MIME-Version": "1.0",
    }
    # Nothing that must be read as it stands is encoded.
    assert f"List-Unsubscribe: <{page}unsubscribe/>,\r\n <mailto:".encode() in raw


def test_letter_without_a_mailbox_for_bounces_names_the_one_way_out():
    ways = parsed(written())["List-Unsubscribe"]

    assert ways == (
        f"<http://testserver/subscription/{tokens.make_subscription(TOKEN_KEY)}/unsubscribe/>"
    )


@pytest.mark.parametrize(
    ("kind", "list_id", "feedback_id"),
    [
        (Edition.Kind.POST, "The Review <posts.testserver>", "41:posts:post:testserver"),
        (
            Edition.Kind.BREAKING,
            "The Review <breaking.testserver>",
            "41:breaking:breaking:testserver",
        ),
    ],
)
def test_letter_of_a_single_post_belongs_to_a_list_of_its_own(kind, list_id, feedback_id):
    got = parsed(written(make_letter(kind=kind)))

    assert (got["List-Id"], got["Feedback-ID"]) == (list_id, feedback_id)


@pytest.mark.parametrize(
    ("title", "on_the_wire"),
    [
        ("Daily", b"List-Id: Daily <daily.testserver>\r\n"),
        ('News, "views"', rb'List-Id: "News, \"views\"" <daily.testserver>' + b"\r\n"),
        ("Щоденний", b"List-Id: =?utf-8?b?0KnQvtC00LXQvdC90LjQuQ==?= <daily.testserver>\r\n"),
    ],
)
def test_letter_names_its_list_in_every_script(title, on_the_wire):
    assert on_the_wire in written(make_letter(digest={"title": title}))


@pytest.mark.parametrize("letters", ["x", "Щ", "і "])
def test_letter_keeps_lines_short(letters):
    long = letters * 100
    letter = make_letter(
        digest={"title": long[:120]}, subject=long[:150], text=f"{MARK}{long}{MARK}{MARK}{long}."
    )

    lines = written(letter).split(b"\r\n")

    body = lines[lines.index(b"") :]
    assert max(len(line) for line in body) <= 76
    assert max(len(line) for line in lines) <= 200
    assert not [line for line in lines if b"\n" in line or b"\r" in line]


@pytest.mark.parametrize(
    ("address", "on_the_wire", "is_ascii"),
    [
        ("reader@пошта.укр", "reader@xn--80a1acn3a.xn--j1amh", True),
        ("читач@пошта.укр", "читач@пошта.укр", False),
    ],
)
def test_letter_reaches_addresses_in_every_script(address, on_the_wire, is_ascii):
    assert f"\r\nTo: {on_the_wire}\r\n".encode() in written(to=address)


def test_letter_of_a_site_with_an_international_host_is_ascii(settings):
    settings.SITE_URL = "https://огляд.укр:8443"

    head = written(make_letter(site={"sender": "news@огляд.укр"})).partition(b"\r\n\r\n")[0]

    assert head.isascii()
    assert b"From: The Review <news@xn--c1acuk1g.xn--j1amh>\r\n" in head
    assert b"<https://xn--c1acuk1g.xn--j1amh:8443/subscribe/>" in head


@pytest.mark.parametrize("place", ["subject", "digest", "site"])
def test_letter_takes_no_header_from_a_title(place):
    evil = "Daily\r\nBcc: all@example.org\r\n\r\nBody"
    letter = {
        "subject": lambda: make_letter(subject=evil),
        "digest": lambda: make_letter(digest={"title": evil}),
        "site": lambda: make_letter(site={"title": evil}),
    }[place]()

    got = parsed(written(letter))

    assert got["Bcc"] is None
    assert got.keys() == parsed(written()).keys()
    assert parts(got) == parts(parsed(written()))


@pytest.mark.parametrize(
    "address", ["a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "a b@c.de"]
)
def test_letter_to_what_is_no_address_is_not_written(address):
    with pytest.raises(ValueError, match="no address"):
        written(to=address)


def test_return_path_is_the_mails_own_or_else_the_senders(settings):
    letter = make_letter()
    message = letter.as_message(*make_row(), now=NOW)
    assert message.envelope_sender == "review@testserver"

    settings.BOUNCE_ADDRESS = "mail@lists.example"
    message = letter.as_message(*make_row(), now=NOW)
    assert message.envelope_sender == envelope.return_path(7)


def test_letter_as_a_message_is_the_same_mail(mailoutbox):
    message = make_letter().as_message(*make_row(), now=NOW)

    message.send()

    token = tokens.make_subscription(TOKEN_KEY)
    assert [sent.message().as_bytes(policy=AS_IT_IS) for sent in mailoutbox] == [message.data]
    wanted = parsed(message.data)
    assert message.body == TEXT.replace(MARK, token)
    assert message.alternatives[0].content == HTML.replace(MARK, token)
    assert message.extra_headers["List-Unsubscribe"] == wanted["List-Unsubscribe"]
    assert message.metadata == {"delivery": "7"}


def test_letter_as_a_message_arrives_as_it_is(smtp):
    message = make_letter().as_message(*make_row(), now=NOW)

    message.send()

    (got,) = smtp.envelopes
    assert got.original_content == message.data


TEXTS = st.lists(
    st.one_of(
        st.just(MARK),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")),
        st.sampled_from(["\n", ".", "=", " ", "\t", "From ", "\r\n", "x" * 75]),
    ),
    max_size=12,
).map("".join)


@example(text="", html="00\x80𐀀𐀀000\x1f\x1f\x80\x80\x80\x80ࠀ ", key="0" * 22)  # a space at the brim
@given(text=TEXTS, html=TEXTS, key=st.from_regex(r"\A[A-Za-z0-9_-]{22}\Z"))
def test_filled_in_is_what_was_marked_and_nothing_else(text, html, key):
    delivery, subscriber = make_row()
    subscriber.key = key
    token = tokens.make_subscription(key)

    data = make_letter(text=text, html=html).as_bytes(delivery, subscriber, now=NOW)

    for part, source in zip(parsed(data).iter_parts(), [text, html], strict=True):
        wanted = source.replace(MARK, token).replace("\r\n", "\n")
        got = part.get_payload(decode=True).decode().replace("\r\n", "\n")
        assert got.removesuffix("\n") == wanted.removesuffix("\n")
    assert max(map(len, data.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76


def test_message_ids_are_of_our_host_and_never_the_same(settings):
    settings.SITE_URL = "https://огляд.укр"

    ids = {new_message_id() for _ in range(100)}

    assert len(ids) == 100
    assert {made.partition("@")[2] for made in ids} == {"xn--c1acuk1g.xn--j1amh"}
