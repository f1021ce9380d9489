"""The publication in the newsroom."""

from typing import Any

import taggit.models
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.forms import PostForm
from blog.models import Author, Category, Image, NavLink, Post, SiteSettings, Tag, User
from blog.text import hashtags

admin.site.register(User, UserAdmin)
admin.site.unregister(taggit.models.Tag)  # posts carry blog.Tag


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin[Author]):
    """Bylines."""

    list_display = ["name", "slug", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin[Category]):
    """Sections, in the order in which they are listed."""

    list_display = ["name", "slug", "position"]
    list_editable = ["position"]
    search_fields = ["name"]


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin[Tag]):
    """Free keywords."""

    list_display = ["name", "slug"]
    search_fields = ["name"]


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    """Pictures."""

    list_display = ["alt", "credit", "width", "height", "created_at"]
    search_fields = ["alt", "caption", "credit"]
    readonly_fields = ["width", "height"]


@admin.register(Post)
class PostAdmin(admin.ModelAdmin[Post]):
    """Posts, newest first."""

    form = PostForm
    list_display = ["title", "kind", "category", "state", "published_at"]
    list_filter = ["status", "kind", "category", "language"]
    list_select_related = ["category"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["title"]
    ordering = ["-published_at", "-id"]
    autocomplete_fields = ["category", "categories", "authors", "image"]
    fieldsets = [
        (None, {"fields": ["title", "standfirst", "body", "image"]}),
        (_("Kind and source"), {"fields": ["kind", ("source_url", "outlet")]}),
        (_("Sections"), {"fields": ["category", "categories", "tags", "authors", "language"]}),
        (_("Publication"), {"fields": ["status", "published_at", "slug"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        """Leave the texts in the database while only a list is shown."""
        posts = super().get_queryset(request)
        return posts if _is_one_object(request) else posts.defer("body", "standfirst")

    @admin.display(description=_("state"), ordering="status")
    def state(self, post: Post) -> str:
        """Say "scheduled" where status and date together mean it."""
        if post.published_at and post.is_public_status and post.published_at > timezone.now():
            return str(_("scheduled"))
        return post.get_status_display()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Make the ``#Hashtags`` of the title tags, after the form has set its own."""
        super().save_related(request, form, formsets, change)
        form.instance.tags.add(*hashtags(form.instance.title))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Sign a new post with the editor's own byline."""
        own = Author.objects.filter(user=request.user.pk or 0).values_list("pk", flat=True)
        return {"authors": list(own), **super().get_changeform_initial_data(request)}

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Offer the public page only of what is public."""
        is_visible = obj is not None and Post.objects.published().filter(pk=obj.pk).exists()
        return super().get_view_on_site_url(obj) if is_visible else None


def _is_one_object(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "object_id" in match.kwargs


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin[SiteSettings]):
    """The one row of settings: there is nothing to list, to add or to delete."""

    fieldsets = [
        (None, {"fields": ["title", "tagline", "description", "footer"]}),
        (_("Publisher"), {"fields": ["publisher", "publisher_address", "sender"]}),
        (_("Pages and feeds"), {"fields": ["posts_per_page", "feed_signature"]}),
        (_("Language and time"), {"fields": ["language", "time_zone"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is always exactly one row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """There is always exactly one row."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead straight to the form, making the row on its first visit."""
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)  # answers 403
        return HttpResponseRedirect(reverse("admin:blog_sitesettings_change", args=[1]))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> SiteSettings | None:
        """Return the settings, with their defaults where none were saved yet."""
        return SiteSettings.load() if object_id == "1" else None


@admin.register(NavLink)
class NavLinkAdmin(admin.ModelAdmin[NavLink]):
    """The rows of links around the page."""

    list_display = ["label", "target", "place", "position"]
    list_editable = ["position"]
    list_filter = ["place"]
