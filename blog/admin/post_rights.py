"""Who may do what with posts in the newsroom: blog.rights, in the words of Django's admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse

from blog import rights
from blog.admin.post_actions import post_tools
from blog.models import Post
from blog.models.post import PUBLISH_POST
from blog.rights import user_of

_PUBLISHERS = ("published_at", "pinned_until", "slug")


class PostRights(admin.ModelAdmin[Post]):
    """Mixed into the posts' admin."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        """Leave out what this editor may not know of: lists, autocompletes, pages start here."""
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined,no-any-return]

    def has_view_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        """Whether a post may be read here."""
        may = super().has_view_permission(request, obj)
        return may and (obj is None or rights.may_see(user_of(request), obj))

    def has_change_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        """Whether a post may be changed as it stands now."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or rights.may_edit(user_of(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        """Whether a post may be deleted, by itself or among others."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or rights.may_delete(user_of(request), obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> Any:
        """Leave the date and the address to those who publish."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.has_perm(PUBLISH_POST):
            return fields
        return [*fields, *_PUBLISHERS]

    def get_fieldsets(self, request: HttpRequest, obj: Post | None = None) -> Any:
        """Leave date and address out, as long as they have none, for those who cannot set them."""
        fieldsets = super().get_fieldsets(request, obj)
        is_open = obj is None or obj.status in rights.UNPUBLISHED
        if request.user.has_perm(PUBLISH_POST) or not is_open:
            return fieldsets
        return [
            (title, options | {"fields": _without(options["fields"], _PUBLISHERS)})
            for title, options in fieldsets
        ]

    def get_form(
        self, request: HttpRequest, obj: Post | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Post]]:
        """Tell the form who fills it in: it offers and takes only what they may choose."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"editor": user_of(request)})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Tell the page which buttons to show."""
        post = kwargs.get("obj")
        may_publish = post is not None and rights.may_publish(user_of(request), post)
        offered = (tool(request, post) for tool in post_tools) if post else ()
        context = context | {"may_publish": may_publish, "tools": [one for one in offered if one]}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Post, form: ModelForm[Post], change: bool
    ) -> None:
        """Note whose post it is."""
        if not change:
            obj.created_by = user_of(request)
        super().save_model(request, obj, form, change)

    def _get_obj_does_not_exist_redirect(
        self, _request: HttpRequest, _opts: object, _object_id: str
    ) -> None:
        """Answer for a post that is somebody else's as for one that never was."""
        raise Http404


def _without(fields: Any, names: tuple[str, ...]) -> list[Any]:
    """Return the fields of a fieldset, in which some stand beside each other, without some."""
    left = [
        one if isinstance(one, str) else tuple(name for name in one if name not in names)
        for one in fields
    ]
    return [one for one in left if one and one not in names]
