"""The aggregator in the newsroom, by subject."""

from aggregator.admin import collections, feeds, headlines, rules

__all__ = ["collections", "feeds", "headlines", "rules"]
