"""The library of pictures."""

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from blog import rights
from blog.admin.image_endpoints import ImageEndpoints
from blog.admin.lists import LongListAdmin
from blog.image_forms import ImageForm
from blog.models import Image
from blog.rights import user_of


@admin.register(Image)
class ImageAdmin(ImageEndpoints, LongListAdmin[Image]):
    """Pictures, newest first."""

    form = ImageForm
    list_display = ["alt", "credit", "width", "height", "created_at"]
    search_fields = ["alt", "caption", "credit", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> list[str]:
        """A stored file stays: its address is cached for ever, and stands in texts."""
        return ["file"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        """Whether a picture may be changed: one's own, unless one edits everything."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or rights.may_edit_image(user_of(request), obj))

    def save_model(
        self, request: HttpRequest, obj: Image, form: ModelForm[Image], change: bool
    ) -> None:
        """Note whose picture it is."""
        if not change:
            obj.created_by = user_of(request)
        super().save_model(request, obj, form, change)
