"""Writes the ledger of a frozen edition: a row for each reader, in batches by their ids.

Each batch is one transaction that moves ``prepared_to`` along with its rows. Whoever is killed in
the middle leaves nothing of it, and the next goes on there; of two at once, one has the batch.
"""

import hashlib
import secrets
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils.encoding import punycode

from aggregator.statements import insert_many
from blog.models import SiteSettings
from newsletter.editions import times
from newsletter.editions.audience import audience_of
from newsletter.editions.matching import Reader, items_for
from newsletter.editions.received import Received
from newsletter.editions.rendering import render
from newsletter.models import Delivery, Edition, EditionItem, Subscriber, Variant
from newsletter.models.edition import new_mark

BATCH = 1_000
MOST_KEPT = 10_000
_PREPARING = 0x4E_41_54_04  # names the advisory lock; any number that nobody else uses
COLUMNS = ("pk", "language", "hour", "time_zone", "paused_until")


@dataclass(frozen=True, slots=True)
class Row:
    """What is needed of a subscriber, and nothing more: no address."""

    pk: int
    language: str
    hour: int | None
    time_zone: str
    paused_until: Any


class Preparation:
    """An edition with what is the same for all of its readers, looked up once."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.site = SiteSettings.load()
        self.items = list(edition.items.filter(is_dropped=False))
        self.received = Received(edition, self.items)
        self.host = punycode(urlsplit(settings.SITE_URL).hostname or "")
        self._variants: dict[str, int] = {}

    def run(self, *, now: datetime, budget_s: float = float("inf"), size: int = BATCH) -> bool:
        """Write rows until all are written or the time is over; return whether all are."""
        ends_at = time.monotonic() + budget_s
        while self.step(now=now, size=size):
            if time.monotonic() >= ends_at:
                return False
        return True

    @transaction.atomic
    def step(self, *, now: datetime, size: int = BATCH) -> bool:
        """Write the rows of the next readers; return whether there may be more of them.

        The batch begins where ``prepared_to`` stands once its row is ours. Batches of all editions
        take turns, so that each sees what the other has given the same readers.
        """
        _wait_for_turn()
        locked = Edition.objects.select_for_update().filter(pk=self.edition.pk)
        row = locked.values_list("state", "prepared_to", "prepared_at").first()
        if row is None or row[0] != Edition.State.SENDING or row[2] is not None:
            return False
        readers = self._readers(after=row[1], size=size)
        done = {} if len(readers) == size else {"prepared_at": now}
        reached = readers[-1].pk if readers else row[1]
        Edition.objects.filter(pk=self.edition.pk).update(prepared_to=reached, alive_at=now, **done)
        if readers:
            self._write(readers)
        return not done

    def _readers(self, *, after: int, size: int) -> list[Row]:
        readers = audience_of(self.edition).filter(pk__gt=after).order_by("pk")
        return [Row(*values) for values in readers.values_list(*COLUMNS)[:size]]

    def _write(self, readers: Sequence[Row]) -> None:
        mails: list[tuple[int, datetime, str]] = []
        wanted: dict[str, tuple[str, list[EditionItem]]] = {}
        known: dict[Any, str] = {}
        for row, reader in self._with_choices(readers):
            alike = (
                row.language,
                *map(frozenset, (reader.categories, reader.collections, reader.got)),
            )
            if alike not in known:  # most readers are like many others
                items = items_for(reader, self.items)
                key = known[alike] = key_of(row.language, items) if items else ""
                wanted.setdefault(key, (row.language, items))
            due_at = self._due_at(row)
            if known[alike] and not self._is_paused(row, due_at):
                mails.append((row.pk, due_at, known[alike]))
        self._make_variants(wanted, keys={key for _, _, key in mails})
        # Three times as fast as bulk_create(), and nobody needs their ids.
        rows = [self._delivery(*mail) for mail in mails]
        insert_many(Delivery, rows, ignores_conflicts=True)

    def _with_choices(self, readers: Sequence[Row]) -> Iterator[tuple[Row, Reader]]:
        pks = [row.pk for row in readers]
        categories = _chosen(Subscriber.categories.through, pks, "category_id")
        collections = _chosen(Subscriber.collections.through, pks, "collection_id")
        got = self.received.by(pks)
        nothing: frozenset[Any] = frozenset()
        for row in readers:
            pk = row.pk
            chosen = categories.get(pk, nothing), collections.get(pk, nothing)
            yield row, Reader(*chosen, got=got.get(pk, nothing))

    def _due_at(self, row: Row) -> datetime:
        """Return her own hour, from the edition's time on; breaking news waits for no hour."""
        due_at = self.edition.due_at
        if row.hour is None or self.edition.kind == Edition.Kind.BREAKING:
            return due_at
        return times.next_hour(row.hour, zone_name=self._zone_of(row), not_before=due_at)

    def _is_paused(self, row: Row, due_at: datetime) -> bool:
        """Whether she wants no mail yet on the day, by her own calendar, on which it would come."""
        if row.paused_until is None:
            return False
        return bool(times.day_in(self._zone_of(row), due_at) < row.paused_until)

    def _zone_of(self, row: Row) -> str:
        return row.time_zone or self.site.time_zone

    def _make_variants(
        self, wanted: dict[str, tuple[str, list[EditionItem]]], *, keys: set[str]
    ) -> None:
        """Write those of the mails with ``keys`` that nobody has had so far; learn their ids."""
        if len(self._variants) > MOST_KEPT:
            self._variants.clear()
        unknown = keys - self._variants.keys()
        if not unknown:
            return
        stored = Variant.objects.filter(edition=self.edition, digest_key__in=unknown)
        self._variants |= dict(stored.values_list("digest_key", "pk"))
        for key in sorted(unknown - self._variants.keys()):
            language, items = wanted[key]
            self._variants[key] = make_variant(
                self.edition, items, language=language, site=self.site
            ).pk

    def _delivery(self, reader: int, due_at: datetime, key: str) -> dict[str, Any]:
        return {
            "edition_id": self.edition.pk,
            "subscriber_id": reader,
            "variant_id": self._variants[key],
            "due_at": due_at,
            "message_id": f"{self.edition.pk}.{secrets.token_hex(12)}@{self.host}",
        }


def _wait_for_turn() -> None:
    """Hold a lock until the transaction ends. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PREPARING])


def key_of(language: str, items: Sequence[EditionItem]) -> str:
    """Return what two readers share who get the very same mail."""
    text = "\n".join([language, *(item.key for item in items)])
    return hashlib.sha256(text.encode()).hexdigest()


def make_variant(
    edition: Edition, items: Sequence[EditionItem], *, language: str, site: SiteSettings
) -> Variant:
    """Write the mail of those who get ``items``."""
    mark = new_mark()
    mail = render(edition, items, language=language, site=site, mark=mark)
    return Variant.objects.create(
        edition=edition,
        digest_key=key_of(language, items),
        language=language,
        item_keys=mail.item_keys,
        mark=mark,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
    )


def _chosen(through: type[Model], readers: Sequence[int], what: str) -> dict[int, set[int]]:
    chosen: dict[int, set[int]] = defaultdict(set)
    rows = through._default_manager.filter(subscriber__in=readers)
    for reader, one in rows.values_list("subscriber_id", what):
        chosen[reader].add(one)
    return chosen
