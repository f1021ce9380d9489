import re
from datetime import UTC, datetime
from email.policy import default as policy

import pytest
from django.core import mail

from blog.models import SiteSettings
from newsletter import envelope, links, tokens
from newsletter.dispatch import RefusedError
from newsletter.models import Bounce, Subscriber
from newsletter.subscribing.confirmation import (
    confirmation_mail,
    new_message_id,
    send_confirmation,
    sender,
)
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MESSAGE_ID = "<one@testserver>"


@pytest.fixture
def subscriber():
    return make_subscriber(
        email="buy-now@evil.example",
        state=Subscriber.State.PENDING,
        confirmed_at=None,
        consent_form="/evil-path/",
    )


def make_mail(subscriber, **site):
    settings = SiteSettings(**{"title": "The Review", "publisher": "The Publisher"} | site)
    return confirmation_mail(subscriber, site=settings, message_id=MESSAGE_ID, now=NOW)


def test_confirmation_mail_has_text_first_and_html(subscriber):
    message = make_mail(subscriber).message()

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_confirmation_mail_has_the_headers_of_an_automatic_mail(subscriber):
    message = make_mail(subscriber, sender="news@example.org").message()

    assert sorted(message.keys()) == [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
        "X-Auto-Response-Suppress",
    ]
    assert message["Subject"] == "Please confirm: The Review"
    assert message["From"] == "The Review <news@example.org>"
    assert message["To"] == "buy-now@evil.example"
    assert message["Message-ID"] == MESSAGE_ID
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"


def test_confirmation_mail_links_to_our_own_site_only(subscriber, settings):
    settings.SITE_URL = "https://review.example"
    message = make_mail(subscriber).message()
    token = tokens.make_confirmation(subscriber.key, now=NOW)
    own = f"https://review.example/subscription/{tokens.make_subscription(subscriber.key)}/"

    for part in message.iter_parts():
        found = re.findall(r"https?://[^\s\"<>]+", part.get_content())
        assert set(found) == {
            f"https://review.example/subscribe/confirm/{token}/",
            own,
            "https://review.example",
        }


def test_confirmation_mail_holds_nothing_that_a_visitor_wrote(subscriber):
    message = make_mail(subscriber).message()
    bodies = "".join(part.get_content() for part in message.iter_parts())

    for words in ("buy-now", "evil", "src=", "<img", "<script"):
        assert words not in bodies


def test_confirmation_mail_carries_the_publisher_and_his_address(subscriber):
    message = make_mail(subscriber, publisher_address="1 Main <Street>\nKyiv").message()
    text, html = (part.get_content() for part in message.iter_parts())

    assert "\n-- \nThe Publisher\n1 Main <Street>\nKyiv\nhttp://testserver\n" in text
    assert "The Publisher<br>1 Main &lt;Street&gt;<br>Kyiv<br>" in html


def test_confirmation_mail_escapes_the_title_where_it_must(subscriber):
    message = make_mail(subscriber, title="Dogs & Cats\r\nBcc: x@example.org").message()
    text, html = (part.get_content() for part in message.iter_parts())

    assert message["Subject"] == "Please confirm: Dogs & Cats Bcc: x@example.org"
    assert "Bcc" not in message
    assert "asked for Dogs & Cats" in text
    assert "asked for Dogs &amp; Cats" in html


def test_confirmation_mail_is_in_the_language_of_the_site(subscriber):
    html = make_mail(subscriber, language="uk").alternatives[0].content

    assert '<html lang="uk" dir="ltr">' in html


def test_confirmation_mail_of_a_cyrillic_site_is_plain_ascii_on_the_wire(subscriber):
    message = make_mail(subscriber, title="Огляд новин", publisher="Видавець")
    source = message.message(policy=policy.clone(cte_type="7bit", linesep="\r\n")).as_bytes()

    assert source.isascii()
    assert max(map(len, source.split(b"\r\n"))) <= 998
    assert len(source) < 20_000
    assert message.message()["From"] == "Огляд новин <review@testserver>"


def test_message_id_is_new_and_of_our_domain(settings):
    settings.SITE_URL = "https://огляд.укр:8443"

    assert new_message_id() != new_message_id()
    assert re.fullmatch(r"<[^<>@\s]+@xn--c1acuk1g\.xn--j1amh>", new_message_id())


def test_sender_is_the_default_one_unless_the_site_has_its_own(settings):
    settings.DEFAULT_FROM_EMAIL = "Somebody <default@example.org>"

    assert sender(SiteSettings(title="A, B")) == '"A, B" <default@example.org>'
    assert sender(SiteSettings(title="A", sender="own@example.org")) == "A <own@example.org>"


def test_send_confirmation_sends_only_while_it_is_wanted(subscriber):
    active = make_subscriber()
    answers = [
        send_confirmation(pk, message_id=MESSAGE_ID, now=NOW)
        for pk in (subscriber.pk, active.pk, active.pk + 1)
    ]

    assert answers == [True, False, False]
    assert [message.to for message in mail.outbox] == [["buy-now@evil.example"]]


def test_unsubscribe_link_is_absolute(subscriber):
    token = tokens.make_subscription(subscriber.key)

    assert links.unsubscribe_link(subscriber) == (
        f"http://testserver/subscription/{token}/unsubscribe/"
    )


def test_confirmation_that_cannot_be_delivered_comes_back_to_an_address_of_its_own(
    subscriber, smtp, settings
):
    settings.BOUNCE_ADDRESS = "mail@lists.review.example"
    assert send_confirmation(subscriber.pk, message_id=MESSAGE_ID, now=NOW) is True
    address = envelope.confirmation_return_path(subscriber.pk)
    assert smtp.envelopes[0].mail_from == address
    assert smtp.messages[0].get_all("From") == ["The News And Times Review <review@testserver>"]
    assert address not in str(smtp.messages[0])


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"rcpt_answer": "550 5.1.1 no such user"}, "hard"),
        ({"data_answer": "554 5.7.1 looks like spam"}, "policy"),
    ],
)
def test_refused_confirmation_is_a_bounce(subscriber, smtp, answers, kind):
    vars(smtp).update(answers)
    with pytest.raises(RefusedError):
        send_confirmation(subscriber.pk, message_id=MESSAGE_ID, now=NOW)
    bounce = Bounce.objects.get()
    assert (bounce.kind, bounce.source, bounce.subscriber) == (kind, "smtp", subscriber)
    assert bounce.diagnostic == " ".join(answers.values())[:99]
    subscriber.refresh_from_db()
    assert (subscriber.state == Subscriber.State.SUPPRESSED) is (kind == "hard")


def test_sender_that_is_refused_says_nothing_of_the_address(subscriber, smtp, settings):
    settings.BOUNCE_ADDRESS = "mail@lists.review.example"
    smtp.mail_answer = "553 5.1.8 who are you"
    with pytest.raises(RefusedError):
        send_confirmation(subscriber.pk, message_id=MESSAGE_ID, now=NOW)
    assert Bounce.objects.count() == 0
