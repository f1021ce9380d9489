"""Categories and tags."""

import taggit.models
from django.contrib import admin

from blog.admin.lists import LongListAdmin
from blog.admin.ordering import OrderedAdmin
from blog.models import Category, Tag

admin.site.unregister(taggit.models.Tag)  # posts carry blog.Tag


@admin.register(Category)
class CategoryAdmin(OrderedAdmin[Category], LongListAdmin[Category]):
    """Sections, in the order in which they are listed."""

    list_display = ["name", "slug", "order"]
    search_fields = ["name"]


@admin.register(Tag)
class TagAdmin(LongListAdmin[Tag]):
    """Free keywords."""

    list_display = ["name", "slug"]
    ordering = ["name"]
    search_fields = ["name"]
    sortable_by = ["name"]
