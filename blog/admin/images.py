"""The library of pictures."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from blog import rights, usage
from blog.admin.image_endpoints import ImageEndpoints
from blog.admin.lists import LongListAdmin
from blog.image_forms import ImageForm
from blog.models import Image, ImageUse, Page, Post
from blog.pictures import plan
from blog.rights import user_of

MOST_NAMED = 100
"""Of more pictures than that, deleted at once, it is not told where each of them stands."""
type Asked = list[tuple[str, Any]]


class ImageList(ChangeList):
    """Counts where the pictures of the page stand, in two queries."""

    def get_results(self, request: HttpRequest) -> None:
        """Find the pictures of this page."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        usage.add_counts(self.result_list)


class AltFilter(admin.SimpleListFilter):
    """Pictures that nobody has described yet."""

    title = _("alternative text")
    parameter_name = "alt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Asked:
        """Offer both."""
        return [("none", _("missing")), ("some", _("given"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        """Filter by what was chosen."""
        match self.value():
            case "none":
                return queryset.filter(alt="")
            case "some":
                return queryset.exclude(alt="")
        return queryset


class UseFilter(admin.SimpleListFilter):
    """Pictures that stand somewhere, or nowhere."""

    title = _("use")
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Asked:
        """Offer both."""
        return [("yes", _("in use")), ("no", _("not in use"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        """Filter by what was chosen."""
        leads = Exists(Post.objects.filter(image=OuterRef("pk")))
        is_used = leads | Exists(ImageUse.objects.filter(image=OuterRef("pk")))
        match self.value():
            case "yes":
                return queryset.filter(is_used)
            case "no":
                return queryset.exclude(is_used)
        return queryset


@admin.register(Image)
class ImageAdmin(ImageEndpoints, LongListAdmin[Image]):
    """Pictures, newest first."""

    form = ImageForm
    change_list_template = "admin/blog/image/change_list.html"
    change_form_template = "admin/blog/image/change_form.html"
    list_display = ["alt", "credit", "width", "height", "created_at"]
    list_filter = [AltFilter, UseFilter]
    list_per_page = 48
    search_fields = ["alt", "caption", "credit", "name"]
    fieldsets = [
        (None, {"fields": ["file", "alt", "caption", "credit", "licence"]}),
        (
            _("Focus"),
            {
                "fields": [("focus_x", "focus_y")],
                "description": _(
                    "The point that no crop may lose. Click on it in the picture, or give it here."
                ),
            },
        ),
    ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Use our list."""
        return ImageList

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        """A new picture is first looked at, then given its focus."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else fieldsets[:1]

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> list[str]:
        """A stored file stays: its address is cached for ever, and stands in texts."""
        return ["file"] if obj else []

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the picture, its crops, and where it stands."""
        image = self.get_object(request, object_id)
        crops = [shape for shape in plan.SHAPES.values() if shape.ratio is not None]
        context = {"crops": crops, "uses": self._uses(request, image) if image else []}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

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

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say where each picture stands that is about to go: from there it goes too."""
        if len(objs) > MOST_NAMED:
            return super().get_deleted_objects(objs, request)
        to_delete: list[Any] = []
        for image in objs:
            uses = self._uses(request, image)
            to_delete += [_link(image), uses] if uses else [_link(image)]
        may = all(self.has_delete_permission(request, image) for image in objs)
        lacking = set() if may else {str(self.opts.verbose_name)}
        return to_delete, {str(self.opts.verbose_name_plural): len(objs)}, lacking, []

    def _uses(self, request: HttpRequest, image: Image) -> Sequence[SafeString]:
        """Return a line for each text that shows a picture; of others' drafts no more than that."""
        user = user_of(request)
        may_read_pages = user.has_perm("blog.view_page") or user.has_perm("blog.change_page")

        def line(text: Post | Page, *, leads: bool) -> SafeString:
            may = rights.may_see(user, text) if isinstance(text, Post) else may_read_pages
            title = _link(text) if may else format_html("{}", _t("a text that you may not see"))
            return format_html(_t("Leads {}") if leads else _t("In the text of {}"), title)

        return [line(text, leads=leads) for text, leads in usage.texts_with(image)]


def _link(row: Image | Post | Page) -> SafeString:
    address = reverse(f"admin:blog_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, str(row))
