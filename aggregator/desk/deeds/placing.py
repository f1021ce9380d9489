"""Putting a headline into a collection, and an editor's own words about it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aggregator import collecting
from aggregator.desk import snapshots
from aggregator.desk.errors import RefusedError
from aggregator.desk.wishes import Case, Deed
from aggregator.desk.wording import changed, words_of, written
from aggregator.models import Collection, Decision, DeskKey, Headline, Pick
from blog.models import User

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
    was = state_of(placed)
    collecting.withdraw(placed, now=case.wish.now)
    return Deed(
        said=_("no longer starred"),
        before={"picks": [kept(placed, was)]},
        collection=starred,
        touched=placed,
    )


def write(case: Case) -> Deed:
    """Keep an editor's own words; where it is picked already, they stand there at once."""
    words = changed(case) or dict(case.wish.words)
    if not words:
        raise RefusedError(_("There are no words to keep."))
    picks = []
    standing = Q(withdrawn_at__isnull=True, picked_by__isnull=False)
    for placed in Pick.objects.filter(standing, _same(case.headline)).select_for_update():
        was = state_of(placed)
        snapshots.restore(placed, words)
        picks.append(kept(placed, was))
    return Deed(said=_("own words written"), before={"picks": picks}, words=written(case) | words)


def undo(decision: Decision, by: User, now: datetime) -> None:
    """Make the picks what they were; raises RefusedError if somebody has changed them since."""
    for one in decision.before.get("picks", ()):
        placed = Pick.objects.select_for_update().filter(pk=one["pick"]).first()
        if placed is None:  # deleted meanwhile, so there is nothing to take back
            continue
        if not snapshots.is_as(placed, one["left"]):
            raise RefusedError(_("The pick has been changed since, so it stays as it is."))
        snapshots.restore(placed, one["was"] or _as_if_never_picked(placed, now))


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


def _place(
    case: Case, collection: Collection, *, said: str, also: Mapping[str, Any] | None = None
) -> Deed:
    wish, before = case.wish, _known(case.headline, collection)
    was = state_of(before) if before else None
    placed = collecting.pick(case.headline, collection, by=wish.by, now=wish.now)
    is_ours = before is not None and before.picked_by_id and before.stands_on(wish.now)
    so_far = {} if is_ours else written(case)  # what stands says what was written in it last
    changes = changed(case)
    words = (so_far or words_of(placed)) | changes
    snapshots.restore(placed, words | dict(also or {}))
    return Deed(
        said=said % {"collection": collection},
        before={"picks": [kept(placed, was)]},
        words=words if changes else {},
        collection=collection,
        touched=placed,
    )


def _known(headline: Headline, collection: Collection) -> Pick | None:
    """Return the pick of the headline, or of its article from another feed."""
    return Pick.objects.filter(_same(headline), collection=collection).first()


def _same(headline: Headline) -> Q:
    same = Q(headline=headline)
    return same | Q(article_key=headline.article_key) if headline.article_key else same


def _standing(headline: Headline, collection: Collection) -> Pick | None:
    found = _known(headline, collection)
    return found if found is not None and found.withdrawn_at is None else None


def state_of(placed: Pick) -> snapshots.Snapshot:
    """Return all of a pick that decisions change."""
    return snapshots.of(placed, _STATE)


def kept(placed: Pick, was: snapshots.Snapshot | None) -> dict[str, Any]:
    """Return what undoing needs of a pick as it stands now; ``was`` is None if it is new."""
    return {"pick": placed.pk, "was": was, "left": state_of(placed)}


def _as_if_never_picked(placed: Pick, now: datetime) -> snapshots.Snapshot:
    """A pick stays on record, so that no poll puts it back; nothing else of it does."""
    empty = {
        column.attname: column.get_default()
        for column in placed._meta.concrete_fields
        if column.attname in _STATE and column.attname not in {"picked_by_id", "placed_at"}
    }
    return empty | {"withdrawn_at": now.isoformat()}
