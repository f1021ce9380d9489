"""The publication in the newsroom, by subject."""

from blog.admin import audit, images, pages, people, posts, sections, site, users

__all__ = ["audit", "images", "pages", "people", "posts", "sections", "site", "users"]
