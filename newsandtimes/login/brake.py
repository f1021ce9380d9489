"""Slows down those who guess passwords and codes, without shutting the owner out.

Tries are counted in the database, so that all processes and machines count the same ones. A try
takes its place before the password is looked at and gives it back if it succeeds: so many at once
cannot slip through together. From a browser in which the owner has logged in before, only that
browser's own tries count: nobody else can use them up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.crypto import salted_hmac

from blog.models import LoginFailure

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 10
PER_ACCOUNT = 30
PER_ADDRESS = 50
KEPT_FOR = timedelta(days=1)


class TooManyTriesError(Exception):
    """No further try for now; ``until`` says from when on."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"No further try before {until:%H:%M}")
        self.until = until


@dataclass(frozen=True, slots=True)
class Knock:
    """Who is at the door: the account that is tried, from where, and the browser if it is known."""

    account: str
    address: str
    browser: str = ""

    @property
    def account_key(self) -> str:
        """What stands for the account in the table."""
        return _key("account", self.account.strip().lower())

    @property
    def browser_key(self) -> str:
        """What stands for the known browser in the table, "" for an unknown one."""
        return _key("browser", self.browser) if self.browser else ""


def take_place(knock: Knock, *, now: datetime) -> LoginFailure:
    """Count a try as failed until it succeeds; raises TooManyTriesError."""
    place = LoginFailure.objects.create(
        account=knock.account_key,
        address=knock.address,
        browser=knock.browser_key,
        failed_at=now,
    )
    until = _shut_until(knock, now=now)
    if until is not None:
        place.delete()
        raise TooManyTriesError(until)
    return place


def _shut_until(knock: Knock, *, now: datetime) -> datetime | None:
    recent = LoginFailure.objects.filter(failed_at__gt=now - WINDOW)
    of_account = recent.filter(account=knock.account_key)
    if knock.browser:
        limits = [(of_account.filter(browser=knock.browser_key), PER_ACCOUNT_AND_ADDRESS)]
    else:
        unknown = of_account.filter(browser="")
        limits = [
            (unknown.filter(address=knock.address), PER_ACCOUNT_AND_ADDRESS),
            (unknown, PER_ACCOUNT),
            (recent.filter(address=knock.address), PER_ADDRESS),
        ]
    ends = [end for rows, most in limits if (end := _end_of(rows, most)) is not None]
    return max(ends, default=None)


def _end_of(rows: models.QuerySet[LoginFailure], most: int) -> datetime | None:
    """Return when so many tries lie far enough back that there is room for one more."""
    times = list(rows.order_by("-failed_at").values_list("failed_at", flat=True)[: most + 1])
    return times[most] + WINDOW if len(times) > most else None


def forget_old(*, now: datetime) -> int:
    """Delete what counts no more; return how many rows."""
    return LoginFailure.objects.filter(failed_at__lt=now - KEPT_FOR).delete()[0]


def _key(kind: str, value: str) -> str:
    return salted_hmac(f"newsandtimes.login.{kind}", value, algorithm="sha256").hexdigest()
