"""Putting a headline into a collection, and an editor's own words about it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aggregator import collecting
from aggregator.desk import snapshots
from aggregator.desk.errors import RefusedError
from aggregator.desk.touching import concerning
from aggregator.desk.wishes import Case, Deed
from aggregator.models import Collection, Decision, DeskKey, Headline, Pick
from blog.models import User

WORDS = (
    *("title", "title_language", "excerpt", "note"),
    *("translated_title", "translated_language"),
)
BREAKING_FOR = timedelta(hours=6)
_FIXED = frozenset({"id", "collection_id", "headline_id", "article_key"})
_STATE = tuple(
    column.attname for column in Pick._meta.concrete_fields if column.attname not in _FIXED
)


def pick(case: Case) -> Deed:
    """Pick it into a collection, the default one unless another is named."""
    return _place(case, _chosen(case), said=_("picked into %(collection)s"))


def into_digest(case: Case) -> Deed:
    """Pick it for the next digest, and for no page of the site."""
    return _place(case, collection_of(DeskKey.DIGEST), said=_("put into the next digest"))


def break_news(case: Case) -> Deed:
    """Pick it to the top of the default collection, where it is labelled; nothing is mailed."""
    until = case.wish.now + BREAKING_FOR
    top = {"is_pinned": True, "position": 0, "pinned_until": until, "is_breaking": True}
    said = _("breaking, on top of %(collection)s for six hours")
    return _place(case, default_collection(), said=said, also=top)


def star(case: Case) -> Deed:
    """Put it among the starred ones; take it out again where it stands there."""
    starred = collection_of(DeskKey.STAR)
    placed = _standing(case.headline, starred)
    if placed is None:
        return _place(case, starred, said=_("starred"))
    was = snapshots.of(placed, _STATE)
    collecting.withdraw(placed, now=case.wish.now)
    return Deed(
        said=_("no longer starred"),
        before={"picks": [_kept(placed, was)]},
        collection=starred,
        touched=placed,
    )


def write(case: Case) -> Deed:
    """Keep an editor's own words; where it is picked already, they stand there at once."""
    words = case.wish.words
    if not words:
        raise RefusedError(_("There are no words to keep."))
    kept = []
    standing = Q(withdrawn_at__isnull=True, picked_by__isnull=False)
    for placed in Pick.objects.filter(standing, headline=case.headline).select_for_update():
        was = snapshots.of(placed, _STATE)
        snapshots.restore(placed, words)
        kept.append(_kept(placed, was))
    return Deed(
        said=_("own words written"), before={"picks": kept}, words=own_words(case) | dict(words)
    )


def undo(decision: Decision, by: User, now: datetime) -> None:
    """Make the picks what they were; raises RefusedError if somebody has changed them since."""
    for kept in decision.before.get("picks", ()):
        placed = Pick.objects.select_for_update().filter(pk=kept["pick"]).first()
        if placed is None:  # deleted meanwhile, so there is nothing to take back
            continue
        if not snapshots.is_as(placed, kept["left"]):
            raise RefusedError(_("The pick has been changed since, so it stays as it is."))
        snapshots.restore(placed, kept["was"] or _as_if_never_picked(placed, now))


def collection_of(key: DeskKey) -> Collection:
    """Return the collection that a key of the Desk puts headlines into; raises RefusedError."""
    found = Collection.objects.filter(desk_key=key).first()
    if found is None:
        text = _("No collection has the key “%(key)s”: give it to one on that one’s page.")
        raise RefusedError(text % {"key": key.value})
    return found


def default_collection() -> Collection:
    """Return where headlines are picked into unless another collection is named.

    Raises RefusedError where there is none.
    """
    found = Collection.objects.filter(desk_key=DeskKey.DEFAULT).first() or (
        Collection.objects.public().first()
    )
    if found is None:
        raise RefusedError(_("There is no collection yet."))
    return found


def _chosen(case: Case) -> Collection:
    if case.wish.collection is None:
        return default_collection()
    found = Collection.objects.filter(pk=case.wish.collection).first()
    if found is None:
        raise RefusedError(_("There is no such collection."))
    return found


def own_words(case: Case) -> dict[str, str]:
    """Return the words that editors have written about a story at the Desk so far."""
    wanted = concerning([case.headline], [case.story] if case.story else [])
    written = Decision.objects.standing().filter(wanted).exclude(kind=Decision.Kind.DROP)
    found = written.order_by("-pk").values_list("words", flat=True)
    return dict(next((words for words in found if words), {}))


def _place(
    case: Case, collection: Collection, *, said: str, also: Mapping[str, Any] | None = None
) -> Deed:
    wish, before = case.wish, _known(case.headline, collection)
    was = snapshots.of(before, _STATE) if before else None
    placed = collecting.pick(case.headline, collection, by=wish.by, now=wish.now)
    so_far = own_words(case)
    # An empty field takes back what was written before, and nothing else.
    given = {name: text for name, text in wish.words.items() if text or so_far.get(name)}
    words = so_far | given
    snapshots.restore(placed, words | dict(also or {}))
    return Deed(
        said=said % {"collection": collection},
        before={"picks": [_kept(placed, was)]},
        words={name: text for name, text in words.items() if text},
        collection=collection,
        touched=placed,
    )


def _known(headline: Headline, collection: Collection) -> Pick | None:
    """Return the pick of the headline, or of its article from another feed."""
    same = Q(headline=headline)
    if headline.article_key:
        same |= Q(article_key=headline.article_key)
    return Pick.objects.filter(same, collection=collection).first()


def _standing(headline: Headline, collection: Collection) -> Pick | None:
    found = _known(headline, collection)
    return found if found is not None and found.withdrawn_at is None else None


def _kept(placed: Pick, was: snapshots.Snapshot | None) -> dict[str, Any]:
    return {"pick": placed.pk, "was": was, "left": snapshots.of(placed, _STATE)}


def _as_if_never_picked(placed: Pick, now: datetime) -> snapshots.Snapshot:
    """A pick stays on record, so that no poll puts it back; nothing else of it does."""
    empty = {
        column.attname: column.get_default()
        for column in placed._meta.concrete_fields
        if column.attname in _STATE and column.attname not in {"picked_by_id", "placed_at"}
    }
    return empty | {"withdrawn_at": now.isoformat()}
