"""What tests of the Desk in a browser share."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from aggregator.models import Headline
from tests.factories import make_feed

DESK = reverse("admin:desk")
KEPT = "Object.keys(localStorage).filter(name => name.startsWith('desk:')).length"


def wait_at_the_desk(count, *, feeds=1, **fields):
    """Make headlines that wait, "Headline 0" being the newest; returns them."""
    now = timezone.now()
    sources = [make_feed(title=f"Outlet {number}") for number in range(feeds)]
    made = [
        Headline(
            **{
                "feed": sources[number % feeds],
                "key": f"{number:064d}",
                "title": f"Headline {number}",
                "summary": f"What headline {number} is about.",
                "url": f"https://outlet{number % feeds}.example/{number}",
                "canonical_url": f"https://outlet{number % feeds}.example/{number}",
                "outlet": f"outlet{number % feeds}.example",
                "language": "en",
                "first_seen_at": now,
                "published_at": now - timedelta(minutes=number + 1),
            }
            | fields
        )
        for number in range(count)
    ]
    return Headline.objects.bulk_create(made)


def row(page, number):
    """The row of "Headline <number>"."""
    return page.locator(".desk-row").filter(
        has=page.get_by_role("link", name=f"Headline {number}", exact=True)
    )


def current(page):
    """The title of the row at which the cursor stands."""
    return page.locator(".desk-row.is-current .desk-title").inner_text()


def arrive(page, number):
    """Wait until the cursor stands at the row: further rows may be on their way."""
    page.wait_for_function(
        "title => document.querySelector('.is-current .desk-title')?.innerText === title",
        arg=f"Headline {number}",
        timeout=60_000,
    )


def press(page, *keys):
    """Press keys one after the other, as fast as the browser takes them."""
    for key in keys:
        page.keyboard.press(key)


def kept(page):
    """How many decisions this browser keeps that the site has not heard."""
    return page.evaluate(KEPT)


def until_sent(page):
    """Wait until the site has heard everything."""
    page.wait_for_function(f"() => {KEPT} === 0", timeout=60_000)
