"""The aggregator in the newsroom, by subject."""

from aggregator.admin import announcements, collections, feeds, headlines, rules, stories

__all__ = ["announcements", "collections", "feeds", "headlines", "rules", "stories"]
