"""From a published post to the inbox and out again: the clock, a sender, a real mail server."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import SiteSettings
from newsletter.editions.clock import turn
from newsletter.models import Delivery, Digest, Edition, Subscriber
from newsletter.sending.sender import Options, Sender
from tests.factories import make_collection, make_headline, make_pick, make_post, make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(settings):
    settings.BOUNCE_ADDRESS = "mail@lists.example"
    SiteSettings(title="Огляд", publisher_address="Reitarska 14, Kyiv").save()
    return timezone.now()


@pytest.fixture
def daily(now):
    """The daily digest, whose next edition is due now."""
    Digest.objects.exclude(audience="daily").delete()
    digest = Digest.objects.get()
    Digest.objects.update(started_at=now - timedelta(days=1))
    digest.collections.add(make_collection(title="Selected Articles"))
    digest.refresh_from_db()
    Edition.objects.create(digest=digest, due_at=now, window_start=digest.started_at)
    return digest


def publish(digest, now):
    make_post(title="Перемир’я", language="uk", published_at=now - timedelta(hours=1))
    headline = make_headline(title="A headline", url="https://outlet.example/a?utm_source=x")
    make_pick(
        headline=headline,
        collection=digest.collections.get(),
        placed_at=now - timedelta(hours=2),
    )


def send():
    options = Options(connections=1, batch=10, lease=timedelta(minutes=5), retry_after=[])
    Sender(options).run(forever=False)


def test_digest_goes_from_the_desk_to_the_inbox(smtp, daily, now, client):
    readers = [
        make_subscriber(email=f"{language}@example.org", language=language)
        for language in ("en", "uk", "ru")
    ]
    make_subscriber(email="weekly@example.org", rhythm="weekly")
    publish(daily, now)
    turn(now=now)
    send()
    turn(now=now + timedelta(minutes=1))
    send()

    assert sorted(one.rcpt_tos[0] for one in smtp.envelopes) == sorted(
        reader.email for reader in readers
    )
    edition = Edition.objects.get(number=1)
    assert edition.state == Edition.State.SENT
    assert set(edition.deliveries.values_list("state", flat=True)) == {Delivery.State.SENT}
    by_language = {message["Content-Language"]: message for message in smtp.messages}
    assert set(by_language) == {"en", "uk", "ru"}
    message = by_language["uk"]
    assert message["Subject"] == "Перемир’я · A headline"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = (part.get_content() for part in message.iter_parts())
    for part in (text, html):
        assert "Перемир’я" in part
        assert "https://outlet.example/a?utm_source=x" in part
        assert "Reitarska 14" in part
        assert not any(variant.mark in part for variant in edition.variants.all())


def test_every_way_out_of_the_mail_is_the_readers_own(smtp, daily, now, client):
    make_subscriber(email="a@example.org")
    make_subscriber(email="b@example.org")
    publish(daily, now)
    turn(now=now)
    send()
    (mail,) = (one for one in smtp.messages if one["To"] == "a@example.org")
    whole = "".join(part.get_content() for part in mail.iter_parts())
    ways = set(re.findall(r"http://testserver(/subscription/[^\s\"<>]+)", whole))
    own, out = sorted(ways, key=len)
    assert out == f"{own}unsubscribe/"
    assert b"a@example.org" in client.get(own).content
    client.get(out)
    assert Subscriber.objects.active().count() == 2
    assert client.post(out, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert [one.email for one in Subscriber.objects.active()] == ["b@example.org"]


def test_the_next_edition_holds_what_came_after(smtp, daily, now):
    make_subscriber()
    publish(daily, now)
    turn(now=now)
    send()
    following = Edition.objects.get(state=Edition.State.OPEN)
    assert following.window_start == now
    assert following.items.count() == 0
    turn(now=following.due_at)
    following.refresh_from_db()
    assert following.state == Edition.State.SKIPPED
    assert len(smtp.envelopes) == 1
