"""A mail provider's API and its events: mails handed over by HTTP, and what came of them."""

import base64
import hashlib
import hmac
import json
import re
import threading
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from blog.models import SiteSettings
from newsandtimes.environment import mailer
from newsandtimes.mail_providers import PROVIDERS, provider_webhook
from newsletter import dispatch
from newsletter.models import Bounce, MailSettings, Subscriber
from newsletter.sending.message import Letter
from newsletter.subscribing.confirmation import send_confirmation
from tests.factories import make_delivery, make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = "key-1234"
State = Subscriber.State


# --- Mails handed over ---------------------------------------------------------------------------


@dataclass
class Api:
    """A provider's API: what it was handed, and what it answers."""

    port: int = 0
    status: int = 200
    requests: list = field(default_factory=list)

    def url(self, scheme, **query):
        rest = "&".join(f"{name}={value}" for name, value in query.items())
        return f"{scheme}://{KEY}@mg.review.example?api_url=http://127.0.0.1:{self.port}/v3&{rest}"


@pytest.fixture
def api():
    """The API, listening on a port of its own."""
    told = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.requests.append((self.path, dict(self.headers), body))
            self.send_response(told.status)
            self.end_headers()
            self.wfile.write(json.dumps({"id": "<a@mg>", "message": "Queued"}).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield told
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()


@pytest.fixture
def mailgun(api, settings):
    settings.BOUNCE_ADDRESS = "mail@lists.review.example"
    settings.MAILERS = {"default": mailer(api.url("mailgun"), timeout_s=5)}
    return api


def pending():
    return make_subscriber(email="new@example.org", state=State.PENDING, confirmed_at=None)


def test_confirmation_goes_by_the_api_and_names_its_subscriber(mailgun):
    subscriber = pending()
    assert send_confirmation(subscriber.pk, message_id="<one@testserver>", now=NOW) is True
    ((path, headers, body),) = mailgun.requests
    assert path == "/v3/mg.review.example/messages"
    assert headers["Authorization"] == f"Basic {base64.b64encode(f'api:{KEY}'.encode()).decode()}"
    fields = urllib.parse.parse_qs(body.decode())
    assert fields["from"] == ["The News And Times Review <review@testserver>"]
    assert fields["to"] == ["new@example.org"]
    assert fields["v:subscriber"] == [str(subscriber.pk)]
    assert fields["h:Message-Id"] == ["<one@testserver>"]
    assert b"lists.review.example" not in body


def test_letter_goes_by_the_api_and_names_its_delivery(mailgun):
    delivery = make_delivery()
    letter = Letter(delivery.variant, site=SiteSettings.load(), mail=MailSettings.load())
    dispatch.deliver(letter.as_message(delivery, delivery.subscriber, now=NOW))
    ((path, _, body),) = mailgun.requests
    assert path == "/v3/mg.review.example/messages"
    fields = urllib.parse.parse_qs(body.decode())
    assert fields["v:delivery"] == [str(delivery.pk)]
    assert fields["h:List-Unsubscribe-Post"] == ["List-Unsubscribe=One-Click"]
    assert re.fullmatch(
        r"<http://testserver/subscription/[^>]+>, <mailto:mail\+u[^>]+@lists.review.example>",
        fields["h:List-Unsubscribe"][0],
    )


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, dispatch.RefusedError),
        (401, dispatch.NotSentYetError),
        (429, dispatch.NotSentYetError),
        (503, dispatch.NotSentYetError),
        (500, dispatch.OutcomeUnknownError),
    ],
)
def test_answer_of_the_api_tells_whether_to_try_again(mailgun, status, error):
    mailgun.status = status
    with pytest.raises(error):
        send_confirmation(pending().pk, message_id="<one@testserver>", now=NOW)
    assert Bounce.objects.count() == 0


def test_api_out_of_reach_is_tried_again(settings):
    url = f"mailgun://{KEY}@mg.review.example?api_url=http://127.0.0.1:1/v3"
    settings.MAILERS = {"default": mailer(url)}
    with pytest.raises(dispatch.NotSentYetError):
        send_confirmation(pending().pk, message_id="<one@testserver>", now=NOW)


@pytest.mark.parametrize("scheme", PROVIDERS)
def test_every_provider_makes_a_mailer(scheme, settings):
    from django.core.mail import mailers

    settings.MAILERS = {"default": mailer(f"{scheme}://user:pass@eu-central-1")}
    assert mailers.default.esp_name.lower().replace(" ", "").endswith(scheme.replace("-", ""))


# --- Events --------------------------------------------------------------------------------------


@pytest.fixture
def delivery():
    return make_delivery(
        subscriber=make_subscriber(email="reader@example.org"),
        state="sent",
        handed_over_at=NOW - timedelta(hours=1),
    )


@pytest.fixture
def hook(settings):
    """Mailgun's webhook, with its signing key."""
    settings.MAIL_WEBHOOK = provider_webhook(
        f"mailgun://{KEY}@mg.review.example", secret="", key="s"
    )


def mailgun_event(delivery, event="failed", *, key="s", recipient="reader@example.org", **data):
    token, timestamp = "t" * 50, str(int(NOW.timestamp()))
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"token": token, "timestamp": timestamp, "signature": signature},
        "event-data": {
            "event": event,
            "timestamp": NOW.timestamp(),
            "recipient": recipient,
            "user-variables": {"delivery": str(delivery.pk)},
            "severity": "permanent",
            "reason": "bounce",
            "delivery-status": {"code": 550, "message": "5.1.1 no such user"},
        }
        | data,
    }


def tell(client, payload, **headers):
    return client.post(
        "/hooks/mail/", json.dumps(payload), content_type="application/json", **headers
    )


def test_bounce_is_told_by_a_real_request(hook, delivery, live_server):
    request = urllib.request.Request(  # noqa: S310
        f"{live_server.url}/hooks/mail/",
        json.dumps(mailgun_event(delivery)).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        assert response.status == 200
    bounce = Bounce.objects.get()
    assert (bounce.kind, bounce.source, bounce.status) == ("hard", "webhook", "5.1.1")
    assert (bounce.delivery, bounce.at) == (delivery, NOW)
    assert "Recipient: reader@example.org" in bounce.evidence
    assert Subscriber.objects.get().state == State.SUPPRESSED


def test_event_that_is_not_signed_is_refused(hook, delivery, client):
    for payload in [mailgun_event(delivery, key="guessed"), {"event-data": {}}, []]:
        assert tell(client, payload).status_code == 400
    assert Bounce.objects.count() == 0
    assert Subscriber.objects.get().state == State.ACTIVE


def test_event_told_twice_is_recorded_once(hook, delivery, client):
    for _ in range(2):
        assert tell(client, mailgun_event(delivery)).status_code == 200
    assert Bounce.objects.count() == 1


def test_event_about_somebody_else_of_that_number_is_not_ours(hook, delivery, client):
    """Another site may send by the same account, and has a delivery of the same number."""
    assert tell(client, mailgun_event(delivery, recipient="other@example.org")).status_code == 200
    assert Bounce.objects.count() == 0


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "-1", "0", "²"])
def test_event_about_no_mail_of_ours_is_taken_and_forgotten(hook, delivery, client, number):
    payload = mailgun_event(delivery, **{"user-variables": {"delivery": number}})
    assert tell(client, payload).status_code == 200
    assert Bounce.objects.count() == 0


def test_event_about_a_confirmation(hook, client):
    subscriber = pending()
    payload = mailgun_event(subscriber, recipient="NEW@example.org")
    payload["event-data"]["user-variables"] = {"subscriber": str(subscriber.pk)}
    tell(client, payload)
    assert Bounce.objects.get().subscriber == subscriber


@pytest.mark.parametrize(
    ("event", "data", "kind", "state"),
    [
        ("complained", {}, "complaint", State.SUPPRESSED),
        ("failed", {"delivery-status": {"message": "452 4.2.2 full"}}, "quota", State.ACTIVE),
        ("failed", {"delivery-status": {"message": "550 5.7.1 spam"}}, "policy", State.ACTIVE),
        ("failed", {"delivery-status": None}, "hard", State.SUPPRESSED),
        ("failed", {"delivery-status": None, "reason": "generic"}, "soft", State.ACTIVE),
        ("failed", {"severity": "temporary"}, None, State.ACTIVE),
        ("delivered", {}, None, State.ACTIVE),
        ("opened", {}, None, State.ACTIVE),
        ("unsubscribed", {}, None, State.UNSUBSCRIBED),
    ],
)
def test_event_means(hook, delivery, client, event, data, kind, state):
    assert tell(client, mailgun_event(delivery, event, **data)).status_code == 200
    assert list(Bounce.objects.values_list("kind", flat=True)) == ([kind] if kind else [])
    assert Subscriber.objects.get().state == state


def test_provider_that_signs_nothing_shows_a_password(delivery, client, settings):
    settings.MAIL_WEBHOOK = provider_webhook("postmark://TOKEN@", secret="hook:s3cret", key="")
    payload = {
        "RecordType": "Bounce",
        "Type": "SoftBounce",
        "Email": "reader@example.org",
        "BouncedAt": "2026-11-23T12:00:00Z",
        "Metadata": {"delivery": str(delivery.pk)},
    }

    def shown(password):
        return {"headers": {"Authorization": f"Basic {base64.b64encode(password).decode()}"}}

    assert tell(client, payload).status_code == 400
    assert tell(client, payload, **shown(b"hook:guessed")).status_code == 400
    assert Bounce.objects.count() == 0
    assert tell(client, payload, **shown(b"hook:s3cret")).status_code == 200
    assert Bounce.objects.get().kind == "soft"


@pytest.mark.parametrize(
    ("url", "secret", "key", "has_hook"),
    [
        ("smtp://localhost", "a:b", "k", False),
        ("postmark://TOKEN@", "", "k", False),
        ("postmark://TOKEN@", "a:b", "", True),
        ("mailgun://KEY@mg.review.example", "a:b", "", False),
        ("mailgun://KEY@mg.review.example", "", "k", True),
        ("unisender-go://KEY@go1.unisender.ru", "", "", True),
    ],
)
def test_without_a_means_to_tell_forged_events_there_is_no_page(
    client, settings, url, secret, key, has_hook
):
    settings.MAIL_WEBHOOK = provider_webhook(url, secret=secret, key=key)
    assert client.head("/hooks/mail/").status_code == (200 if has_hook else 404)
