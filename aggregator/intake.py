"""Takes the items of a feed in: new headlines, new versions of known ones, their places."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from aggregator import retention, ruling
from aggregator.collecting import place_new
from aggregator.documents import ParsedFeed, ParsedItem
from aggregator.identity import article_key, published_at
from aggregator.models import Feed, Fingerprint, Headline, HeadlineVersion, Signature
from aggregator.models.headline import TRIMMED
from aggregator.rules import Rulebook
from aggregator.statements import Values, insert_many, update_many
from aggregator.watch import titles

OLD_NEWS = timedelta(days=7)
"""Items of a new feed that are older than this come in as seen."""
# What a new version brings. Its time stays: a date that is set anew does not lift an old item.
_COPIED = (
    *("title", "url", "summary", "canonical_url", "outlet", "author", "image_url", "language"),
)

type Items = Mapping[str, ParsedItem]
"""By the key that identifies each within the feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """How many headlines a poll changed."""

    new: int = 0
    changed: int = 0
    newest_at: datetime | None = None
    """When the newest of the new ones was published."""

    @property
    def outcome(self) -> Feed.Outcome:
        """Whether there was anything new."""
        return Feed.Outcome.CHANGED if self.new or self.changed else Feed.Outcome.UNCHANGED


def take_in(feed: Feed, parsed: ParsedFeed, *, now: datetime, rulebook: Rulebook) -> Stored:
    """Write what is new or changed, in a number of statements that no history changes.

    To be called within a transaction that holds the feed.
    """
    # The first of equal ones is the newest in most feeds.
    items = {item.key: item for item in reversed(parsed.items)}
    known = _known(feed, items)
    unknown = {key: item for key, item in items.items() if key not in known}
    renamed = _renamed(feed, unknown) if known and unknown else {}
    changed = _write_versions(known | renamed, items, now)
    fresh = [
        _row(feed, item, now)
        for item in _not_gone_before(feed, unknown, now)
        if item.key not in renamed
    ]
    _write_new(feed, fresh, rulebook)
    newest = max((row["published_at"] for row in fresh), default=None)
    return Stored(new=len(fresh), changed=changed, newest_at=newest)


class _Known(NamedTuple):
    """What is compared of a stored headline."""

    pk: int
    key: str
    article_key: str
    title: str
    url: str
    summary: str
    trimmed_at: datetime | None

    def is_same_version(self, item: ParsedItem) -> bool:
        return self.title == item.title and self.url == item.url

    def is_up_to_date(self, item: ParsedItem) -> bool:
        return (
            self.key == item.key
            and self.is_same_version(item)
            and (self.trimmed_at is not None or self.summary == item.summary)
        )


_COLUMNS = ("pk", "key", "article_key", "title", "url", "summary", "trimmed_at")


def _known(feed: Feed, items: Items) -> dict[str, _Known]:
    if feed.last_succeeded_at is None:
        return {}
    rows = Headline.objects.filter(feed=feed, key__in=list(items)).values_list(*_COLUMNS)
    return {row[1]: _Known(*row) for row in rows.order_by()}


def _renamed(feed: Feed, unknown: Items) -> dict[str, _Known]:
    """Find the headlines that come again under another guid: same article, same title."""
    names = {key: (article_key(i.canonical_url), i.title) for key, i in unknown.items()}
    counts = Counter(names.values())
    wanted = {article for article, title in names.values() if article}
    rows = Headline.objects.filter(feed=feed, article_key__in=wanted).values_list(*_COLUMNS)
    found = {(row.article_key, row.title): row for row in (_Known(*row) for row in rows.order_by())}
    return {key: found[name] for key, name in names.items() if name in found and counts[name] == 1}


def _write_versions(known: Mapping[str, _Known], items: Items, now: datetime) -> int:
    """Bring known headlines up to date, keep what they said before; return how many changed."""
    changed = [(row, items[key]) for key, row in known.items() if not row.is_up_to_date(items[key])]
    if not changed:
        return 0
    rewritten = [row for row, item in changed if not row.is_same_version(item)]
    HeadlineVersion.objects.bulk_create(
        HeadlineVersion(
            headline_id=row.pk,
            title=row.title,
            summary=row.summary,
            url=row.url,
            replaced_at=now,
        )
        for row in rewritten
    )
    update_many(Headline, [({"id": row.pk}, _up_to_date(row, item)) for row, item in changed])
    Headline.objects.filter(pk__in=[row.pk for row in rewritten]).update(updated_at=now)
    retitled = [row.pk for row, item in changed if row.title != item.title]
    if retitled:
        Signature.objects.filter(headline__in=retitled).update(is_stale=True)
        titles.note_changed(retitled, now=now)
    return len(changed)


def _up_to_date(row: _Known, item: ParsedItem) -> Values:
    said = {name: getattr(item, name) for name in _COPIED}
    if row.trimmed_at:
        said |= dict.fromkeys(TRIMMED, "")
    return said | {"key": item.key, "article_key": article_key(item.canonical_url)}


def _not_gone_before(feed: Feed, unknown: Items, now: datetime) -> Iterable[ParsedItem]:
    """Leave out what had its time here: retention has taken the row and left a fingerprint."""
    if not unknown or feed.last_succeeded_at is None:
        return unknown.values()
    prints = Fingerprint.objects.filter(feed=feed, key__in=list(unknown))
    if gone := set(prints.values_list("key", flat=True)):
        retention.still_listed(feed.pk, gone, now=now)
    return [item for key, item in unknown.items() if key not in gone]


def _row(feed: Feed, item: ParsedItem, now: datetime) -> dict[str, Any]:
    """Return the columns of a new headline."""
    published = published_at(item.dated_at, first_seen_at=now)
    is_old_news = feed.last_succeeded_at is None and published < now - OLD_NEWS
    return {
        "feed_id": feed.pk,
        "key": item.key,
        **{name: getattr(item, name) for name in _COPIED},
        "article_key": article_key(item.canonical_url),
        "dated_at": item.dated_at,
        "first_seen_at": now,
        "updated_at": now,
        "published_at": published,
        "seen_at": now if is_old_news else None,
        "is_hidden": False,
        "hidden_by_id": None,
    }


def _write_new(feed: Feed, rows: list[dict[str, Any]], rulebook: Rulebook) -> None:
    """Insert new headlines; those that something follows from become objects for it."""
    if not rulebook.rules and not feed.collection_id:
        insert_many(Headline, rows)
        return
    fresh = [Headline(**row) for row in rows]
    verdicts = ruling.before_storing(fresh, rulebook, feed_id=feed.pk)
    for row, headline in zip(rows, fresh, strict=True):
        row |= {"is_hidden": headline.is_hidden, "hidden_by_id": headline.hidden_by_id}
    insert_many(Headline, rows)
    if fresh and (feed.collection_id or verdicts):
        _learn_keys(feed, fresh)
    if verdicts:
        ruling.after_storing(fresh, verdicts)
    if feed.collection_id:
        shown = [headline for headline in fresh if not headline.is_hidden]
        place_new(shown, collection_id=feed.collection_id)


def _learn_keys(feed: Feed, fresh: list[Headline]) -> None:
    """Fill in the primary keys of rows that were inserted without asking for them."""
    rows = Headline.objects.filter(feed=feed, key__in=[headline.key for headline in fresh])
    keys = dict(rows.order_by().values_list("key", "pk"))
    for headline in fresh:
        headline.pk = keys[headline.key]
