"""Which lines of a file may become subscribers. Nothing is written here.

The file speaks for nobody who has left, whose mail was stopped, or who was asked and never
answered: what people have told us themselves weighs more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from newsletter import suppression
from newsletter.addresses import InvalidAddressError, clean_address, email_key
from newsletter.importing.reading import Record
from newsletter.models import Subscriber, SubscriberImport
from newsletter.models.rhythm import Rhythm
from newsletter.subscribing import unanswered
from newsletter.subscribing.signup import MAX_CONFIRMATIONS

LONGEST_TEXT = 5_000
Result = SubscriberImport.Result
State = Subscriber.State
_BY_STATE = {
    State.ACTIVE: Result.HERE,
    State.UNSUBSCRIBED: Result.LEFT,
    State.SUPPRESSED: Result.SUPPRESSED,
    State.PENDING: Result.CONFIRMED,
}


@dataclass(frozen=True, slots=True)
class Consent:
    """A line that can be read: an address and why it may be written to."""

    email: str
    key: str
    language: str
    rhythm: str
    asked_at: datetime
    form: str
    text: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a line, and why."""

    line: int
    result: Result
    note: str = ""
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where a line says nothing."""

    language: str
    rhythm: str
    zone: ZoneInfo
    now: datetime


class BadLineError(ValueError):
    """Something in a line is not as it should be; says what."""


def judge(
    lines: Sequence[Record], *, defaults: Defaults, seen: set[int] | None = None
) -> list[Verdict]:
    """Say what becomes of each line. ``seen`` collects what was met, across calls."""
    seen = set() if seen is None else seen
    read = [_read(record, defaults) for record in lines]
    keys = {one.key for one in read if isinstance(one, Consent)}
    known = dict(Subscriber.objects.filter(email_key__in=keys).values_list("email_key", "state"))
    stopped = suppression.remembered_among(keys)
    silent = unanswered.refusing_among(keys, most=MAX_CONFIRMATIONS)
    verdicts = []
    for record, one in zip(lines, read, strict=True):
        if isinstance(one, str):
            verdicts.append(Verdict(record.line, Result.BAD, one))
            continue
        result = _result(one.key, known=known, stopped=stopped, silent=silent)
        if hash(one.key) in seen:
            result = Result.TWICE
        seen.add(hash(one.key))
        verdicts.append(Verdict(record.line, result, consent=one))
    return verdicts


def _result(
    key: str, *, known: dict[str, str], stopped: Iterable[str], silent: Iterable[str]
) -> Result:
    if key in stopped:
        return Result.SUPPRESSED
    if key in known:
        return _BY_STATE[State(known[key])]
    return Result.REFUSED if key in silent else Result.NEW


def _read(record: Record, defaults: Defaults) -> Consent | str:
    """Return what a line says, or what is wrong with it."""
    if record.values is None:
        return _("It cannot be read: bytes, quotes or cells that do not belong there.")
    try:
        return _consent(record.values, defaults)
    except BadLineError as error:
        return str(error)


def _consent(values: dict[str, str], defaults: Defaults) -> Consent:
    try:
        address = clean_address(values.get("email", ""))
    except InvalidAddressError as error:
        raise BadLineError(_("This is no e-mail address.")) from error
    confirmed_at = _instant(values.get("confirmed_at", ""), defaults)
    if confirmed_at is None:
        raise BadLineError(_("It does not say when the address was confirmed."))
    return Consent(
        email=address,
        key=email_key(address),
        language=_language(values.get("language", ""), defaults),
        rhythm=_rhythm(values.get("rhythm", ""), defaults),
        asked_at=_instant(values.get("consent_at", ""), defaults) or confirmed_at,
        form=values.get("consent_form", "")[:200],
        text=values.get("consent_text", "")[:LONGEST_TEXT],
        confirmed_at=confirmed_at,
    )


def _language(text: str, defaults: Defaults) -> str:
    code = text.lower().replace("_", "-").partition("-")[0]
    if code and code not in dict(settings.LANGUAGES):
        raise BadLineError(_("The language is none of ours."))
    return code or defaults.language


def _rhythm(text: str, defaults: Defaults) -> str:
    word = text.lower()
    if word and word not in Rhythm.values:
        raise BadLineError(_("The rhythm is none of ours."))
    return word or defaults.rhythm


def _instant(text: str, defaults: Defaults) -> datetime | None:
    """Return the instant that a text names (ISO 8601); without an offset, by the site's clock."""
    if not text:
        return None
    try:
        at = parse_datetime(text)
        day = None if at else parse_date(text)
    except ValueError:
        at = day = None
    if at is None and day is None:
        raise BadLineError(_("A date is not written as 2026-11-28 or 2026-11-28 12:30."))
    at = at or datetime.combine(day or defaults.now.date(), time.min)
    at = at if at.tzinfo else at.replace(tzinfo=defaults.zone)
    try:
        at = at.astimezone(UTC)
    except OverflowError as error:
        raise BadLineError(_("A date lies too far away.")) from error
    if not datetime(1990, 1, 1, tzinfo=UTC) <= at <= defaults.now + timedelta(days=1):
        raise BadLineError(_("A date lies in the future, or before there were newsletters."))
    return at
