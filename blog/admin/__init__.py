"""The publication in the newsroom, by subject."""

from blog.admin import images, people, posts, sections, site

__all__ = ["images", "people", "posts", "sections", "site"]
