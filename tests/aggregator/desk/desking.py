"""What tests of the Desk share: what waits there, and editors who decide on it."""

import re
import uuid
from datetime import UTC, datetime, timedelta

from aggregator.desk.deciding import decide
from aggregator.desk.undoing import undo
from aggregator.desk.wishes import Wish
from aggregator.models import Decision, Story, StoryMember
from tests.factories import make_collection, make_headline

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
JSON = {"headers": {"Accept": "application/json"}}


def wait(title="Something happened", *, minutes=0, **fields):
    """A headline that waits, published some minutes before NOW."""
    at = NOW - timedelta(minutes=minutes)
    return make_headline(**{"title": title, "published_at": at, "first_seen_at": at} | fields)


def tell_together(*headlines):
    """A story of some headlines, led by the first."""
    seen = [one.first_seen_at for one in headlines]
    story = Story.objects.create(
        lead=headlines[0], first_seen_at=min(seen), last_seen_at=max(seen), count=len(headlines)
    )
    for at, headline in enumerate(headlines):
        reason = "words" if at else "first"
        StoryMember.objects.create(
            headline=headline, story=story, reason=reason, joined_at=headline.first_seen_at
        )
    return story


def make_keyed(key="s", **fields):
    """A collection that a key of the Desk puts headlines into."""
    titles = {"s": "Selected Articles", "*": "Starred", "d": "In the next digest"}
    fields = {"title": titles[key], "desk_key": key, "is_public": key != "d"} | fields
    return make_collection(**fields)


def wish(headline, by, kind="pick", *, now=NOW, **fields):
    """A request for a decision, of a key of its own."""
    fields = {"key": uuid.uuid4(), "kind": Decision.Kind(kind)} | fields
    return Wish(headline=headline.pk, by=by, now=now, **fields)


def choose(headline, by, kind="pick", **fields):
    """Decide."""
    return decide(wish(headline, by, kind, **fields)).decision


def take_back(by, *, now=NOW, **fields):
    """Undo the newest decision of an editor."""
    return undo(**{"key": uuid.uuid4(), "by": by, "now": now} | fields).decision


def shown_on(response):
    """The headlines of a page of the Desk, by their keys, in their order."""
    return [int(pk) for pk in re.findall(r'data-headline="(\d+)"', response.content.decode())]
