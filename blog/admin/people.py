"""Who logs in, and the bylines."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from blog.models import Author, User

admin.site.register(User, UserAdmin)


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin[Author]):
    """Bylines."""

    list_display = ["name", "slug", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]
