"""What goes with rows that are deleted: told in full while it is few, else summed up."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import (
    CASCADE,
    DO_NOTHING,
    SET_DEFAULT,
    SET_NULL,
    Model,
    QuerySet,
)
from django.db.models.deletion import get_candidate_relations_to_delete
from django.utils.text import capfirst
from django.utils.translation import gettext as _

MOST_LISTED = 200
"""So many dependent rows are named one by one; of more, only a few of those in the way."""
_NAMED = 20
_GO_ALONE = {SET_NULL, SET_DEFAULT, DO_NOTHING}

type MayDelete = Callable[[type[Model]], bool]
type Summary = tuple[list[Any], dict[str, int], set[str], list[Any]]
"""As ModelAdmin.get_deleted_objects returns it: what goes, how many, forbidden, in the way."""


def summary_of(objs: QuerySet[Any] | Sequence[Any], *, may: MayDelete) -> Summary | None:
    """Sum up what goes with some rows, in a fixed number of queries; None where it is few."""
    rows = list(objs)
    if not rows:
        return None
    relations = list(_relations(rows))
    if len(rows) <= MOST_LISTED and sum(count for _, count, _ in relations) <= MOST_LISTED:
        return None
    counts: dict[str, Any] = {str(_names_of(type(rows[0]))): len(rows)}
    going: list[Any] = [_line(row) for row in rows[:_NAMED]]
    if len(rows) > _NAMED:
        going.append(_("… and %(count)d more") % {"count": len(rows) - _NAMED})
    forbidden = set() if may(type(rows[0])) else {str(type(rows[0])._meta.verbose_name)}
    protected: list[Any] = []
    for related, count, is_cascade in relations:
        if not count:
            continue
        many = _("more than %(count)d") % {"count": MOST_LISTED} if count > MOST_LISTED else count
        if not is_cascade:
            protected += [_line(row) for row in related[:_NAMED]]
            protected.append(f"{capfirst(_names_of(related.model))}: {many}")
            continue
        counts[str(_names_of(related.model))] = many
        going.append(f"{capfirst(_names_of(related.model))}: {many}")
        if not may(related.model):
            forbidden.add(str(related.model._meta.verbose_name))
    return going, counts, forbidden, protected


def _relations(rows: Sequence[Model]) -> Iterator[tuple[QuerySet[Any], int, bool]]:
    """What hangs on rows: a query for it, how many (one more than MOST_LISTED), does it go too?"""
    keys = [row.pk for row in rows]
    # What comes out is relations, whatever its types say.
    relations: Any = get_candidate_relations_to_delete(rows[0]._meta)
    for relation in relations:
        if relation.on_delete in _GO_ALONE:
            continue
        found = {f"{relation.field.name}__in": keys}
        related = relation.related_model._base_manager.filter(**found)
        count = related.order_by()[: MOST_LISTED + 1].count()
        yield related, count, relation.on_delete is CASCADE


def _names_of(model: type[Model]) -> str:
    return str(model._meta.verbose_name_plural)


def _line(row: Model) -> str:
    return f"{capfirst(str(row._meta.verbose_name))}: {row}"
