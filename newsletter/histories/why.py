"""Why somebody got an edition, or did not get it: in words, from what is stored."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import SiteSettings
from newsletter.editions.matching import Reader, asked_after, items_for
from newsletter.histories.past import Past, stood
from newsletter.models import Delivery, Digest, Edition, EditionItem, Subscriber
from newsletter.models.rhythm import Rhythm

State = Subscriber.State
Row = Delivery.State
_GOT = (Row.SENT, Row.UNKNOWN, Row.QUEUED, Row.CLAIMED)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer in a sentence, and what there is to add."""

    verdict: str
    reasons: list[str] = field(default_factory=list)


def explain(subscriber: Subscriber, edition: Edition, *, now: datetime) -> Answer:
    """Say what became of an edition for a subscriber, and why."""
    row = Delivery.objects.filter(subscriber=subscriber, edition=edition).first()
    if row is not None:
        return _of_row(row, subscriber, edition, now=now)
    if edition.frozen_at is None or edition.state in {
        *(Edition.State.OPEN, Edition.State.WAITING, Edition.State.LATE),
        *(Edition.State.SKIPPED, Edition.State.CANCELLED),
    }:
        return _nobody_got_it(edition)
    if edition.prepared_at is None and edition.prepared_to < subscriber.pk:
        return Answer(_("Not yet: who gets this edition is still being written down."))
    reasons = _reasons(subscriber, edition, at=edition.frozen_at)
    if not reasons:
        reasons = [
            _("By what is stored now she should have got it. Perhaps her choices were others then.")
        ]
    return Answer(_("No: it was not meant for her."), reasons)


def _nobody_got_it(edition: Edition) -> Answer:
    state = edition.get_state_display()
    verdict = _("Nobody got it: this edition is “%(state)s”.") % {"state": state}
    return Answer(verdict, [edition.reason] if edition.reason else [])


# --- She has a row in the ledger ------------------------------------------------------------------


def _of_row(row: Delivery, subscriber: Subscriber, edition: Edition, *, now: datetime) -> Answer:
    reasons = [*_server_words(row), *_came_back(row), *_left_out(row, edition)]
    match row.state:
        case Row.SENT:
            at = _when(row.handed_over_at or row.finished_at)
            return Answer(_("Yes: the mail server took it (%(at)s).") % {"at": at}, reasons)
        case Row.FAILED:
            return Answer(_("No: the mail server refused it for good."), reasons)
        case Row.EXPIRED:
            return Answer(_("No: given up after a day of tries."), reasons)
        case Row.DROPPED:
            why = _why_dropped(row, subscriber, edition)
            return Answer(_("No: it was left out before it could leave."), [*why, *reasons])
        case Row.UNKNOWN if row.lease_until is None or row.lease_until <= now:
            verdict = _(
                "Nobody knows: the connection broke while it was handed over. It is not sent again "
                "unless an editor says so."
            )
            return Answer(verdict, reasons)
        case Row.QUEUED:
            return Answer(_("Not yet: it waits."), [*_why_waiting(row, edition, now=now), *reasons])
        case _:
            return Answer(_("It is being handed over right now."), reasons)


def _server_words(row: Delivery) -> list[str]:
    if row.code is None and not row.answer:
        return []
    words = f"{row.code or ''} {row.answer}".strip()
    return [_("The last word on it: %(words)s") % {"words": words}]


def _came_back(row: Delivery) -> list[str]:
    return [
        _("Later it came back (%(kind)s, %(at)s): %(words)s")
        % {
            "kind": bounce.get_kind_display(),
            "at": _when(bounce.at),
            "words": bounce.diagnostic or bounce.status,
        }
        for bounce in row.bounces.all()[:5]
    ]


def _left_out(row: Delivery, edition: Edition) -> list[str]:
    kept = edition.items.filter(is_dropped=False).count()
    hers = len(row.variant.item_keys)
    if not hers or hers >= kept:
        return []
    words = ngettext(
        "Of its %(all)d items her mail held %(hers)d: the others are not of her topics, or had "
        "gone to her before.",
        "Of its %(all)d items her mail held %(hers)d: the others are not of her topics, or had "
        "gone to her before.",
        hers,
    )
    return [words % {"all": kept, "hers": hers}]


def _why_dropped(row: Delivery, subscriber: Subscriber, edition: Edition) -> list[str]:
    if edition.state == Edition.State.CANCELLED:
        return [_("The edition was cancelled.")]
    past = stood(subscriber, at=row.finished_at or timezone.now())
    return _why_no_mail(past)


def _why_waiting(row: Delivery, edition: Edition, *, now: datetime) -> list[str]:
    if edition.state == Edition.State.PAUSED:
        return [_("The edition is paused. %(reason)s") % {"reason": edition.reason}]
    if row.attempts:
        words = ngettext(
            "It was tried %(n)d time (the next try: %(at)s).",
            "It was tried %(n)d times (the next try: %(at)s).",
            row.attempts,
        )
        return [words % {"n": row.attempts, "at": _when(row.due_at)}]
    if row.due_at > now:
        return [_("It leaves at her own hour (%(at)s).") % {"at": _when(row.due_at)}]
    return [_("Others are before it.")]


# --- She has none ---------------------------------------------------------------------------------


def _reasons(subscriber: Subscriber, edition: Edition, *, at: datetime) -> list[str]:
    """Return why an edition that was frozen ``at`` an instant was not for her."""
    past = stood(subscriber, at=at)
    if past.state != State.ACTIVE:
        return [*_why_no_mail(past), *_became_active_later(subscriber, past, at=at)]
    reasons = _by_rhythm(subscriber, edition, past)
    zone = subscriber.time_zone or SiteSettings.load().time_zone
    day = timezone.localdate(edition.due_at, timezone=ZoneInfo(zone))
    if past.paused_until and day < past.paused_until:
        until = date_format(past.paused_until, "DATE_FORMAT")
        reasons.append(_("She had paused her mail until %(day)s.") % {"day": until})
    return reasons or _by_items(subscriber, edition, past, at=at)


def _why_no_mail(past: Past) -> list[str]:
    at = _when(past.since)
    match past.state:
        case State.PENDING:
            return [_("She had not confirmed her subscription then.")]
        case State.UNSUBSCRIBED:
            return [_("She had unsubscribed (%(at)s).") % {"at": at}]
        case State.SUPPRESSED:
            words = _("Mail to her had been stopped (%(at)s): it came back, or was reported.")
            return [words % {"at": at}]
    return []


def _became_active_later(subscriber: Subscriber, past: Past, *, at: datetime) -> list[str]:
    confirmed_at = subscriber.confirmed_at
    if past.state != State.PENDING or confirmed_at is None or confirmed_at <= at:
        return []
    words = _("She confirmed later (%(then)s) than the edition was closed (%(at)s).")
    return [words % {"then": _when(confirmed_at), "at": _when(at)}]


def _by_rhythm(subscriber: Subscriber, edition: Edition, past: Past) -> list[str]:
    if edition.kind == Edition.Kind.BREAKING:
        return []
    hers = Rhythm(past.rhythm).label
    if edition.kind == Edition.Kind.POST:
        return _by_rhythm_of_post(subscriber, edition, past)
    digest = edition.digest
    assert digest is not None  # noqa: S101  a constraint says so
    if digest.audience == Digest.Audience.CHOSEN:
        if digest.pk in set(subscriber.digests.values_list("pk", flat=True)):
            return []
        return [_("She has not chosen the list “%(list)s”.") % {"list": digest}]
    if digest.audience == past.rhythm:
        return []
    words = _("It goes to %(who)s; her rhythm was “%(hers)s”.")
    return [words % {"who": digest.get_audience_display(), "hers": hers}]


def _by_rhythm_of_post(subscriber: Subscriber, edition: Edition, past: Past) -> list[str]:
    if past.rhythm != Rhythm.EACH:
        words = _("It is a single post, for those who want each; her rhythm was “%(hers)s”.")
        return [words % {"hers": Rhythm(past.rhythm).label}]
    confirmed_at = subscriber.confirmed_at or edition.due_at
    if not edition.approved_by_id and confirmed_at > edition.due_at:
        return [_("She confirmed after the post had been published.")]
    return []


def _by_items(subscriber: Subscriber, edition: Edition, past: Past, *, at: datetime) -> list[str]:
    items = list(edition.items.filter(is_dropped=False))
    topics = Reader(
        categories=set(subscriber.categories.values_list("pk", flat=True)),
        collections=set(subscriber.collections.values_list("pk", flat=True)),
    )
    earlier = _earlier_mails(subscriber, edition, items, at=at)
    got = {key for keys in earlier.values() for key in keys}
    reader = Reader(topics.categories, topics.collections, got=got)
    if items_for(reader, items):
        return [_("Her topics have changed since.")] if past.has_other_topics else []
    if all(item.kind == EditionItem.Kind.CORRECTION for item in items):
        return [_("It held nothing but corrections of what had not gone to her.")]
    if not items_for(topics, items):
        return [_("Nothing in it was of the topics that she has chosen.")]
    names = ", ".join(str(mail) for mail in earlier)
    return [
        _("All that was for her in it had gone to her before: with %(names)s.") % {"names": names}
    ]


def _earlier_mails(
    subscriber: Subscriber, edition: Edition, items: list[EditionItem], *, at: datetime
) -> dict[Edition, set[str]]:
    """Return, by edition, what of an edition's items had gone to her before it was frozen."""
    keys = asked_after(items)
    carrying = EditionItem.objects.filter(key__in=keys, is_dropped=False).values("edition")
    rows = (
        Delivery.objects.filter(subscriber=subscriber, state__in=_GOT, edition__in=carrying)
        .filter(edition__frozen_at__lte=at)
        .exclude(edition=edition)
        .select_related("edition__digest", "variant")
        .order_by("id")
    )
    mails: dict[Edition, set[str]] = {}
    for row in rows:
        if found := keys.intersection(row.variant.item_keys):
            mails[row.edition] = found
    return mails


def _when(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else "–"
