"""Who logs in, and the groups that hold their rights."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import ManyToManyField, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import rights
from blog.admin.permissions import PermissionsField
from blog.admin.user_forms import NewUserForm, UserForm
from blog.models import Role, User
from blog.rights import user_of

admin.site.unregister(Group)


class GroupFilter(admin.RelatedFieldListFilter):
    """Names the groups of the roles in the reader's language; they are stored in English."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        """Return key and name of each group."""
        choices = super().field_choices(field, request, model_admin)
        return [(key, gettext(str(name))) for key, name in choices]


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Accounts. Nobody changes one that may do more than their own."""

    form = UserForm
    add_form = NewUserForm
    list_display = ["username", "name", "role", "is_active", "last_login"]
    list_filter = ["is_active", "is_superuser", ("groups", GroupFilter)]
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = ["user_permissions"]
    add_fieldsets = (
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (_("What they may do"), {"fields": ["role"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Load what the list says of everybody's role."""
        return super().get_queryset(request).prefetch_related("groups__role")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Show single permissions to superusers only; roles are for everybody else."""
        if obj is None:
            return self.add_fieldsets
        may_change = self.has_change_permission(request, obj)
        finer = {"classes": ["collapse"], "fields": ["is_superuser", "groups", "user_permissions"]}
        return [
            (None, {"fields": ["username", "password"] if may_change else ["username"]}),
            (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
            (_("What they may do"), {"fields": ["is_active", "role"]}),
            *([(_("Rights beside the role"), finer)] if user_of(request).is_superuser else []),
            (_("Dates"), {"fields": ["last_login", "date_joined"]}),
        ]

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[User]]:
        """Tell the form who fills it in."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"editor": user_of(request)})

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Tick groups instead of holding a key down; name permissions in one's language."""
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        if db_field.name == "user_permissions":
            kwargs["form_class"] = PermissionsField
            kwargs["queryset"] = Permission.objects.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whether an account may be changed, its password too."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or rights.may_manage(user_of(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whether an account may be deleted; not one's own."""
        may = super().has_delete_permission(request, obj)
        if obj is None or not may:
            return may
        return obj.pk != user_of(request).pk and rights.may_manage(user_of(request), obj)

    @admin.display(description=_("name"), ordering="last_name", empty_value="–")
    def name(self, user: User) -> str:
        """Name the person."""
        return user.get_full_name()

    @admin.display(description=_("role"), empty_value="–")
    def role(self, user: User) -> str | None:
        """Name the role; of several, the one with most rights."""
        if user.is_superuser:
            return str(_("Superuser"))
        keys = {role.key for group in user.groups.all() if (role := _role_of(group))}
        held = [key for key in Role.Key if key in keys]
        return str(held[-1].label) if held else None


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """Groups of rights, the four roles among them."""

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        """Keep the names of the roles."""
        return ["name"] if obj is not None and _role_of(obj) else []

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        """Offer the permissions that one has, so that nobody gives more than that."""
        user = user_of(request) if request else User()
        if db_field.name == "permissions" and not user.is_superuser:
            held = Permission.objects.filter(rights.held_by(user)).distinct()
            kwargs["queryset"] = held.select_related("content_type")
        if db_field.name == "permissions":
            kwargs["form_class"] = PermissionsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Whether a group may be changed: none with more rights than one's own."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or rights.may_manage_group(user_of(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Whether a group may be deleted; the roles stay."""
        may = super().has_delete_permission(request, obj)
        if obj is None or not may:
            return may
        return _role_of(obj) is None and rights.may_manage_group(user_of(request), obj)


def _role_of(group: Group) -> Role | None:
    found: Role | None = getattr(group, "role", None)
    return found
