"""Standing texts."""

from django.contrib import admin

from blog.admin.lists import LongListAdmin
from blog.admin.texts import TextAdmin
from blog.forms import PageForm
from blog.models import Page


@admin.register(Page)
class PageAdmin(TextAdmin[Page], LongListAdmin[Page]):
    """Texts such as "About" and "Privacy"."""

    form = PageForm
    list_display = ["title", "slug", "status", "language", "updated_at"]
    list_filter = ["status", "language"]
    search_fields = ["title"]
    fieldsets = [(None, {"fields": ["title", "body", ("language", "status", "slug")]})]
