"""The aggregator in the newsroom, by subject."""

from aggregator.admin import announcements, collections, feeds, headlines, rules

__all__ = ["announcements", "collections", "feeds", "headlines", "rules"]
