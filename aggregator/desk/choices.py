"""What can be chosen at the Desk: collections, folders, an editor's own views. One query."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from aggregator.models import Collection, DeskView, Feed, Headline
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
    next_feed: int | None = None
    """The feed after the one that is looked at in which something waits."""
    options: SafeString = field(default=SafeString(""))
    """The collections as options of a select, written once for all rows."""


def load(user: User, *, feed: int | None = None, now: datetime) -> Choices:
    """Return what this editor can choose; the next feed is the one after ``feed`` by title."""
    text, number = CharField(), IntegerField()
    nothing, zero = Value("", text), Value(0, number)
    collections = Collection.objects.order_by().values_list(
        Value("collection", text), "position", "pk", "title", "desk_key"
    )
    in_folders = Feed.objects.order_by().exclude(folder="").distinct()
    folders = in_folders.values_list(Value("folder", text), zero, zero, "folder", nothing)
    own = DeskView.objects.order_by().filter(owner=user)
    views = own.values_list(Value("view", text), zero, F("pk"), "name", "query")
    feeds = Feed.objects.order_by().filter(_next_or_first(feed, now))
    titles = feeds.values_list(Value("feed", text), zero, F("pk"), "title", nothing)
    rows = sorted(collections.union(folders, views, titles))
    found = [
        [Choice(pk, name, extra) for kind, _, pk, name, extra in rows if kind == wanted]
        for wanted in ("collection", "folder", "view", "feed")
    ]
    views_by_name = sorted(found[2], key=lambda one: one.name.casefold())
    folder_names = sorted(one.name for one in found[1])
    next_feed = _next(found[3], feed)
    return Choices(found[0], folder_names, views_by_name, next_feed, _options(found[0]))


def options() -> SafeString:
    """Return the collections alone, as options of a select."""
    rows = Collection.objects.values_list("pk", "title", "desk_key")
    return _options([Choice(*row) for row in rows])


def _options(collections: Sequence[Choice]) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}" data-key="{}">{}</option>',
        ((one.pk, one.extra, one.name) for one in collections),
    )


def _next_or_first(feed: int | None, now: datetime) -> Q:
    """Return the condition on feeds that it is the next with something, or the first of all."""
    waiting = Headline.objects.waiting(now=now).filter(feed=OuterRef("pk")).order_by()
    some = Feed.objects.filter(Exists(waiting)).order_by("title", "pk").values("pk")
    if feed is None:
        return Q(pk__in=some[:1])
    title = Subquery(Feed.objects.filter(pk=feed).values("title")[:1])
    later = Q(title__gt=title) | Q(title=title, pk__gt=feed)
    return Q(pk__in=some.filter(later)[:1]) | Q(pk__in=some[:1]) | Q(pk=feed)


def _next(feeds: Sequence[Choice], feed: int | None) -> int | None:
    """Return the one that follows in the circle of feeds."""
    circle = sorted(feeds, key=lambda one: (one.name, one.pk))
    after = [one.pk for one in circle if one.pk != feed]
    here = next((at for at, one in enumerate(circle) if one.pk == feed), -1)
    following = [one.pk for one in circle[here + 1 :]]
    return next(iter(following or after), None)
