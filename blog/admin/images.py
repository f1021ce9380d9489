"""The library of pictures."""

from django.contrib import admin

from blog.models import Image


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    """Pictures."""

    list_display = ["alt", "credit", "width", "height", "created_at"]
    search_fields = ["alt", "caption", "credit"]
    readonly_fields = ["width", "height"]
