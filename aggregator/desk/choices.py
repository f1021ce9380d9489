"""What can be chosen at the Desk: collections, folders, an editor's own views. One query."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import CharField, F, IntegerField, Value
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from aggregator.models import Collection, DeskView, Feed
from blog.models import User


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them: its name, and the key or the query that goes with it."""

    pk: int
    name: str
    extra: str


@dataclass(frozen=True, slots=True)
class Choices:
    """All of them, in the order in which they are offered."""

    collections: Sequence[Choice] = ()
    folders: Sequence[str] = ()
    views: Sequence[Choice] = ()
    options: SafeString = field(default=SafeString(""))
    """The collections as options of a select, written once for all rows."""


def load(user: User) -> Choices:
    """Return what this editor can choose."""
    text, number = CharField(), IntegerField()
    nothing, zero = Value("", text), Value(0, number)
    collections = Collection.objects.order_by().values_list(
        Value("collection", text), "position", "pk", "title", nothing
    )
    in_folders = Feed.objects.order_by().exclude(folder="").distinct()
    folders = in_folders.values_list(Value("folder", text), zero, zero, "folder", nothing)
    own = DeskView.objects.order_by().filter(owner=user)
    views = own.values_list(Value("view", text), zero, F("pk"), "name", "query")
    rows = sorted(collections.union(folders, views))
    found = [
        [Choice(pk, name, extra) for kind, _, pk, name, extra in rows if kind == wanted]
        for wanted in ("collection", "folder", "view")
    ]
    options = format_html_join(
        "",
        '<option value="{}" data-key="{}">{}</option>',
        ((one.pk, one.extra, one.name) for one in found[0]),
    )
    views_by_name = sorted(found[2], key=lambda one: one.name.casefold())
    folder_names = sorted(one.name for one in found[1])
    return Choices(found[0], folder_names, views_by_name, options)
