"""The aggregator in the newsroom, by subject."""

from aggregator.admin import announcements, collections, feeds, headlines, picks, rules, stories

__all__ = ["announcements", "collections", "feeds", "headlines", "picks", "rules", "stories"]
