"""What templates need for the sign-up form on every page."""

from django import template
from django.utils import timezone

from newsletter.subscribing import consent, stamps

register = template.Library()


@register.simple_tag
def sign_up_promise() -> str:
    """Return what a subscriber will get."""
    return str(consent.PROMISE)


@register.simple_tag
def sign_up_small_print() -> str:
    """Return what a subscriber is assured of."""
    return str(consent.SMALL_PRINT)


@register.simple_tag
def sign_up_stamp() -> str:
    """Return what a form on a page that is kept for everybody carries."""
    return stamps.for_all(now=timezone.now())
