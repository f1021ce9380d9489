"""The aggregator's models, by subject."""

from aggregator.models.collection import Collection, Pick, PickQuerySet
from aggregator.models.feed import Feed, FeedQuerySet
from aggregator.models.headline import Headline, HeadlineQuerySet

__all__ = [
    "Collection",
    "Feed",
    "FeedQuerySet",
    "Headline",
    "HeadlineQuerySet",
    "Pick",
    "PickQuerySet",
]
