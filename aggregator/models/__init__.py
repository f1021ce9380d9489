"""The aggregator's models, by subject."""

from aggregator.models.access import FeedAccess
from aggregator.models.announcement import Announcement
from aggregator.models.collection import Collection, CollectionQuerySet, DeskKey
from aggregator.models.desk import Decision, DeskView
from aggregator.models.feed import Feed, FeedQuerySet
from aggregator.models.glance import Glance
from aggregator.models.headline import (
    Fingerprint,
    Headline,
    HeadlineQuerySet,
    HeadlineVersion,
)
from aggregator.models.hub import HubPush, HubSubscription
from aggregator.models.pick import Pick, PickQuerySet
from aggregator.models.probe import Probe
from aggregator.models.rule import Rule
from aggregator.models.story import (
    GroupingState,
    IndexedMark,
    PreferredOutlet,
    Signature,
    Story,
    StoryMember,
)
from aggregator.models.tagged import TaggedHeadline
from aggregator.models.thumbnail import Thumbnail, ThumbnailQuerySet
from aggregator.models.watch import SourceWatch, SourceWatchQuerySet

__all__ = [
    "Announcement",
    "Collection",
    "CollectionQuerySet",
    "Decision",
    "DeskKey",
    "DeskView",
    "Feed",
    "FeedAccess",
    "FeedQuerySet",
    "Fingerprint",
    "Glance",
    "GroupingState",
    "Headline",
    "HeadlineQuerySet",
    "HeadlineVersion",
    "HubPush",
    "HubSubscription",
    "IndexedMark",
    "Pick",
    "PickQuerySet",
    "PreferredOutlet",
    "Probe",
    "Rule",
    "Signature",
    "SourceWatch",
    "SourceWatchQuerySet",
    "Story",
    "StoryMember",
    "TaggedHeadline",
    "Thumbnail",
    "ThumbnailQuerySet",
]
