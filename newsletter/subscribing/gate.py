"""Who gets in through the sign-up forms, and how fast: against robots and list bombing.

Whoever bombs gives us the addresses of others, so that our confirmation mails fill their boxes.
One address gets little of us anyway (newsletter.subscribing.signup); here are the limits for one
network and for the whole site. Presses are counted in the database, so that all processes and
machines count the same ones; one takes its place first and is counted then, so that many at once
cannot slip through together.

Nothing here looks at whether an address is known: that is left to the worker, so that the answer
and its time are the same for every address. What is over the site's limit is lost to nobody: it
waits for its turn.
"""

import ipaddress
import logging
from datetime import datetime, timedelta
from enum import Enum, auto

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from newsletter.models import SignUp
from newsletter.subscribing.tasks import take_sign_up

PER_NETWORK = 10
"""Within the hour; a network is an IPv4 address or the 64 bits that an IPv6 customer has."""
FREE_PER_NETWORK = 3
"""From the next one on the button has to be pressed once more, on a page for this visitor alone."""
HOUR = timedelta(hours=1)
STORM = timedelta(minutes=10)

logger = logging.getLogger(__name__)


class Answer(Enum):
    """What becomes of a press."""

    TAKEN = auto()
    ONCE_MORE = auto()
    TOO_MANY = auto()


def network_of(request: HttpRequest) -> str:
    """Return what stands for the visitor's network, found behind proxies as for logging in."""
    text = str(get_adapter(request).get_client_ip(request))
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def knock(wish: SignUp, *, network: str, is_sure: bool, now: datetime) -> Answer:
    """Let a wish in, hold it up or turn it away; ``is_sure`` once the visitor pressed twice."""
    key = salted_hmac("newsletter.subscribing.gate", network, algorithm="sha256").hexdigest()
    # Stored at once, for others to count it, and as one that nobody has to work off yet.
    place = SignUp.objects.create(network=key, at=now, taken_at=now, language=wish.language)
    answer = _answer(place, is_sure=is_sure, now=now)
    if answer is Answer.TAKEN:
        wish.pk, wish.network, wish.at = place.pk, key, now
        with transaction.atomic():
            wish.save(force_update=True)
            take_sign_up.enqueue(wish.pk)
        return answer
    place.delete()
    if answer is Answer.TOO_MANY:
        logger.warning(
            "More than %s sign-ups within the hour from %s. If that is a proxy of your own, "
            "TRUSTED_PROXIES should say so.",
            *(PER_NETWORK, network),
        )
    return answer


def _answer(place: SignUp, *, is_sure: bool, now: datetime) -> Answer:
    of_network = SignUp.objects.filter(network=place.network, at__gt=now - HOUR)
    ours = of_network.count_to(PER_NETWORK + 1)
    storm = SignUp.objects.filter(at__gt=now - STORM).count_to(storm_from() + 1)
    if ours > PER_NETWORK:
        return Answer.TOO_MANY
    if not is_sure and (ours > FREE_PER_NETWORK or storm > storm_from()):
        return Answer.ONCE_MORE
    return Answer.TAKEN


def storm_from() -> int:
    """Return how many sign-ups in ten minutes, from wherever, are more than a good day brings."""
    return max(int(settings.SIGN_UPS_PER_HOUR) // 10, 1)
