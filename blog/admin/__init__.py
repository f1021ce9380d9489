"""The publication in the newsroom, by subject."""

from blog.admin import images, pages, people, posts, sections, site, users

__all__ = ["images", "pages", "people", "posts", "sections", "site", "users"]
