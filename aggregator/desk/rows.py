"""Loads what is shown of the rows of the Desk: a fixed number of queries for any number of rows."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import CharField, Max, QuerySet, Value
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from aggregator.desk import drafts, listing, members
from aggregator.desk.drafts import with_drafts
from aggregator.desk.filters import Filters
from aggregator.desk.listing import cursor_of, story_of
from aggregator.desk.marking import marked
from aggregator.desk.members import Member
from aggregator.desk.touching import concerning_any, concerns, taken_by
from aggregator.desk.wording import NO_WORDS
from aggregator.models import Decision, Headline, Pick, TaggedHeadline
from aggregator.models.desk import DecisionQuerySet
from aggregator.models.headline import WAITS
from aggregator.thumbnails.small import small_of
from blog.models import User
from blog.written import Written, many_keys, some_keys

OUTLETS_SHOWN = 4
DECISIONS_SHOWN = 3
SUMMARY_SHOWN = 280
_ROWS = tuple(many_keys(3))
"""The blanks for the keys of headlines, of stories, and of decisions that took headlines."""
(_USER,) = some_keys(1)


@dataclass(frozen=True, slots=True)
class Told:
    """That a headline stands in a collection, and whether nobody has put it there."""

    collection: str
    is_automatic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One story as the Desk shows it."""

    headline: Headline
    """What is shown and decided on: the story's leading headline, unless a filter chose."""
    is_waiting: bool
    story: int | None
    title: SafeString
    summary: str
    """The beginning of the outlet's."""
    own_words: Mapping[str, str]
    """The editor's own, which go along when it is picked; "" where there are none."""
    count: int
    outlets: Sequence[str]
    more_outlets: int
    members: Sequence[Member]
    """The first of them; ``count`` says how many there are."""
    tags: Sequence[str]
    places: Sequence[Told]
    decisions: Sequence[Decision]
    known: int
    cursor: str
    feed: str
    picture: str
    """The address of our small copy of its picture, if that is wanted and there."""
    further: str = ""
    """The panels behind “More” as HTML, once they are written; see panels.py."""

    @property
    def fresh_key(self) -> uuid.UUID:
        """Name a form that was written just now."""
        return uuid.uuid4()


@dataclass(frozen=True, slots=True)
class Marks:
    """The newest of all decisions, and the newest that the editor may undo."""

    last: int = 0
    own: Decision | None = None
    drafts: Sequence[Decision] = ()
    """Those by which the editor has begun posts lately that are not published yet."""


@dataclass(slots=True)
class _About:
    """What was loaded of all rows together."""

    members: Mapping[int, list[Member]] = field(default_factory=dict)
    tags: Mapping[int, list[str]] = field(default_factory=dict)
    places: Mapping[int, list[Told]] = field(default_factory=dict)
    decisions: Sequence[Decision] = ()


def load(
    standing: Sequence[Headline], filters: Filters, *, now: datetime, user: User
) -> tuple[list[Row], Marks]:
    """Return the rows of some headlines that listing.py found, and what is known of decisions."""
    return _load([(one, _shown(one, filters)) for one in standing], filters, now=now, user=user)


def one(headline_id: int, filters: Filters, *, now: datetime, user: User) -> Row | None:
    """Return a single headline's row as it is now, whatever has been decided."""
    return some([headline_id], filters, now=now, user=user).get(headline_id)


def some(
    headline_ids: Iterable[int], filters: Filters, *, now: datetime, user: User
) -> dict[int, Row]:
    """Return the rows of some headlines as they are now, by their keys."""
    every = listing.loaded(Headline.objects.order_by(), filters)
    headlines = list(every.filter(pk__in=list(headline_ids)))
    stories = [story.pk for one in headlines if (story := story_of(one))]
    inside = every.filter(WAITS, membership__story__in=stories).order_by("published_at", "pk")
    standing = {one.membership.story_id: one for one in inside} if stories else {}
    pairs = [
        (standing.get(story.pk, one) if (story := story_of(one)) else one, one) for one in headlines
    ]
    rows, _ = _load(pairs, filters, now=now, user=user)
    return {row.headline.pk: row for row in rows}


def _shown(standing: Headline, filters: Filters) -> Headline:
    story = story_of(standing)
    return (story.lead if story and not filters.chooses else None) or standing


def _load(
    pairs: Sequence[tuple[Headline, Headline]], filters: Filters, *, now: datetime, user: User
) -> tuple[list[Row], Marks]:
    """Return the rows of headlines that stand for their stories, each with the one to be shown."""
    shown = [pair[1] for pair in pairs]
    stories = [story.pk for standing, _ in pairs if (story := story_of(standing))]
    about = _About(members=members.of_stories(stories))
    about.tags, about.places = _tags_and_places(shown)
    about.decisions, marks = _decisions(shown, stories, user)
    return [_row(*pair, about, filters, now) for pair in pairs], marks


def _tags_and_places(
    headlines: Sequence[Headline],
) -> tuple[Mapping[int, list[str]], Mapping[int, list[Told]]]:
    """Return tags, which rules set, and collections, in one query."""
    tags: Mapping[int, list[str]] = defaultdict(list)
    places: Mapping[int, list[Told]] = defaultdict(list)
    keys = [headline.pk for headline in headlines]
    if not keys:
        return tags, places
    kind = CharField()
    tagged = TaggedHeadline.objects.filter(content_object__in=keys).order_by()
    picked = Pick.objects.filter(headline__in=keys, withdrawn_at__isnull=True).order_by()
    both = tagged.values_list("content_object_id", Value("tag", kind), "tag__name", "tag_id").union(
        picked.filter(picked_by__isnull=False).values_list(
            "headline_id", Value("pick", kind), "collection__title", "collection_id"
        ),
        picked.filter(picked_by__isnull=True).values_list(
            "headline_id", Value("auto", kind), "collection__title", "collection_id"
        ),
    )
    for pk, what, name, _ in sorted(both):
        if what == "tag":
            tags[pk].append(name)
        else:
            places[pk].append(Told(name, is_automatic=what == "auto"))
    return tags, places


def _decisions(
    headlines: Sequence[Headline], stories: Sequence[int], user: User
) -> tuple[list[Decision], Marks]:
    """Return what was decided on the rows, the newest first, with the marks in the same query."""
    keys = ([one.pk for one in headlines], stories, taken_by(headlines))
    found = _written_decisions().models({**dict(zip(_ROWS, keys, strict=True)), _USER: user.pk})
    standing = [one for one in found if one.undone_at is None]
    own = [one for one in standing if one.by_id == user.pk]
    marks = Marks(
        last=found[0].pk if found else 0,
        own=next(iter(own), None),
        drafts=[one for one in own if getattr(one, "draft", None)][: drafts.SHOWN],
    )
    return standing, marks


@cache
def _written_decisions() -> Written[Decision]:
    everything = Decision.objects.order_by()
    # A union, as no database enters its indexes for one condition or another on other rows.
    wanted = everything.filter(concerning_any(*_ROWS)).values("pk")
    of_all, of_own = _last(everything), _last(everything.standing().filter(by=_USER))
    wanted = wanted.union(of_all, of_own, drafts.newest_of(_USER))
    rows = with_drafts(everything.filter(pk__in=wanted), _USER)
    return Written(rows.select_related("by").defer("before").order_by("-pk"))


def _last(decisions: DecisionQuerySet) -> QuerySet[Decision, Any]:
    """Return the key of the newest of some decisions, as a query that may stand in a union."""
    return decisions.annotate(one=Value(1)).values("one").annotate(last=Max("pk")).values("last")


def _row(
    standing: Headline, shown: Headline, about: _About, filters: Filters, now: datetime
) -> Row:
    story = story_of(standing)
    told = about.members.get(story.pk, []) if story else []
    names = [shown.outlet, *(one.outlet for one in told)]
    outlets = list(dict.fromkeys(name for name in names if name))
    key = story.pk if story else None
    decisions = [one for one in about.decisions if concerns(one, shown, key)]
    return Row(
        headline=shown,
        is_waiting=standing.seen_at is None and not standing.is_hidden,
        story=key,
        title=marked(shown.title, filters.words),
        summary=_beginning(shown.summary),
        own_words=NO_WORDS | next((one.words for one in decisions if one.words), {}),
        count=story.count if story else 1,
        outlets=outlets[:OUTLETS_SHOWN],
        more_outlets=max(0, len(outlets) - OUTLETS_SHOWN),
        members=told,
        tags=about.tags.get(shown.pk, []),
        places=about.places.get(shown.pk, []),
        decisions=decisions[:DECISIONS_SHOWN],
        known=decisions[0].pk if decisions else 0,
        feed=str(standing.feed),
        picture=_picture(shown) if filters.shows_pictures else "",
        cursor=str(cursor_of(standing, filters, now=now)),
    )


def _beginning(text: str) -> str:
    # Truncator goes through a text letter by letter, short ones too.
    return text if len(text) <= SUMMARY_SHOWN else Truncator(text).chars(SUMMARY_SHOWN)


def _picture(headline: Headline) -> str:
    picture = headline.thumbnail
    return small_of(picture).src if picture is not None and picture.is_ready else ""
