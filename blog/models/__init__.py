"""The publication's models, by subject."""

from blog.models.image import Image
from blog.models.people import Author, User
from blog.models.post import Post, PostQuerySet
from blog.models.sections import Category, Tag, TaggedPost
from blog.models.site import NavLink, SiteSettings

__all__ = [
    "Author",
    "Category",
    "Image",
    "NavLink",
    "Post",
    "PostQuerySet",
    "SiteSettings",
    "Tag",
    "TaggedPost",
    "User",
]
