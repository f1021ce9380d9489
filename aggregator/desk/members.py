"""The headlines of stories as rows of the Desk show them: few columns, and the reason in words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aggregator.models import StoryMember
from blog.text import excerpt

SHOWN = 10
"""So many of a story, the first of them; all of them are on its page."""
_Reason = StoryMember.Reason
_WHO = ("decided_by__first_name", "decided_by__last_name", "decided_by__username")
_COLUMNS = (
    *("story_id", "pk", "headline__title", "headline__language", "headline__outlet"),
    *("reason", "words", "agrees_with__outlet", "agrees_with__title", *_WHO),
)


@dataclass(frozen=True, slots=True)
class Member:
    """One of a story's headlines."""

    headline_id: int
    title: str
    language: str
    outlet: str
    reason: str


def of_stories(stories: Sequence[int]) -> Mapping[int, list[Member]]:
    """Return the first headlines of each story, in one query for all of them."""
    found: Mapping[int, list[Member]] = defaultdict(list)
    if not stories:
        return found
    place = Window(
        RowNumber(),
        partition_by=F("story"),
        order_by=[F("headline__first_seen_at").asc(), F("pk").asc()],
    )
    placed = StoryMember.objects.filter(story__in=stories).annotate(place=place)
    rows = placed.filter(place__lte=SHOWN).order_by("story", "place")
    for story, pk, title, language, outlet, *why in rows.values_list(*_COLUMNS):
        found[story].append(Member(pk, title, language, outlet, _in_words(*why)))
    return found


def _in_words(
    reason: str,
    words: str,
    outlet: str | None,
    title: str | None,
    first: str | None,
    last: str | None,
    username: str | None,
) -> str:
    """Say why a headline is in its story, and with which other one it agrees."""
    match reason:
        case _Reason.FIRST:
            said = pgettext("reason", "the first")
        case _Reason.LINK:
            said = _("the same article")
        case _Reason.TITLE:
            said = _("the same title")
        case _Reason.WORDS:
            said = _("agrees in: %(words)s") % {"words": words}
        case _ if username:
            name = f"{first} {last}".strip() or username
            return _("decided by %(editor)s") % {"editor": name}
        case _:
            return _("an editor’s decision")
    return f"{said} ({outlet}: {excerpt(title, max_length=60)})" if title else said
