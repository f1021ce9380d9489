"""Where hubs reach us: they ask whether we have asked, and send what is new."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from aggregator import hubs
from aggregator.models import HubSubscription

logger = logging.getLogger(__name__)

_PIECE_BYTES = 64 * 1024


@csrf_exempt
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a hub; 404 to everybody who does not know a token of ours."""
    return _verify(request, token) if request.method == "GET" else _receive(request, token)


def _verify(request: HttpRequest, token: str) -> HttpResponse:
    lease = request.GET.get("hub.lease_seconds", "")
    is_ours = hubs.verify(
        token,
        mode=request.GET.get("hub.mode", ""),
        topic=request.GET.get("hub.topic", ""),
        lease_s=int(lease) if lease.isascii() and lease.isdecimal() and len(lease) < 10 else None,
        now=timezone.now(),
    )
    if not is_ours:
        return HttpResponse(status=404)
    return HttpResponse(request.GET.get("hub.challenge", ""), content_type="text/plain")


def _receive(request: HttpRequest, token: str) -> HttpResponse:
    subscription = get_object_or_404(HubSubscription, token=token, asked_at__isnull=False)
    body = _body(request)
    if body is None:
        return HttpResponse(status=413)
    if hubs.is_signed(subscription, body, request.headers.get("X-Hub-Signature", "")):
        hubs.keep_push(
            subscription,
            body,
            content_type=request.headers.get("Content-Type", ""),
            now=timezone.now(),
        )
    else:
        # The specification wants a good answer all the same, so that nobody can try signatures.
        logger.warning("A document for %s is not signed as agreed", subscription.topic_url)
    return HttpResponse(status=202)


def _body(request: HttpRequest) -> bytes | None:
    """Read the body in pieces, None if it is larger than a feed may be."""
    body = bytearray()
    while piece := request.read(_PIECE_BYTES):
        body += piece
        if len(body) > settings.FETCH_MAX_BYTES:
            return None
    return bytes(body)
