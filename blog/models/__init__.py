"""The publication's models, by subject."""

from blog.models.audit import AuditEntry
from blog.models.correction import Correction
from blog.models.image import Image, ImageUse
from blog.models.login import LoginFailure
from blog.models.page import Page
from blog.models.people import Author, User
from blog.models.places import ListKind, Place, Tally
from blog.models.post import Post, PostQuerySet
from blog.models.preview import PreviewLink
from blog.models.role import Role
from blog.models.sections import Category, Tag, TaggedPost
from blog.models.site import Generation, NavLink, SiteSettings
from blog.models.version import Version
from blog.models.writing import Writing

__all__ = [
    "AuditEntry",
    "Author",
    "Category",
    "Correction",
    "Generation",
    "Image",
    "ImageUse",
    "ListKind",
    "LoginFailure",
    "NavLink",
    "Page",
    "Place",
    "Post",
    "PostQuerySet",
    "PreviewLink",
    "Role",
    "SiteSettings",
    "Tag",
    "TaggedPost",
    "Tally",
    "User",
    "Version",
    "Writing",
]
