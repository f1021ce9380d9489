"""The newsletter in the newsroom, by subject."""

from newsletter.admin import subscribers

__all__ = ["subscribers"]
