"""The forms of accounts: a role in plain words in the place of permissions."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm, UsernameField
from django.utils.translation import gettext_lazy as _

from blog import rights
from blog.models import Role, User

WORDS = {
    "": _("None: cannot use the newsroom"),
    Role.Key.CONTRIBUTOR: _(
        "Contributor: writes posts and sends them to review, sees only their own, adds pictures"
    ),
    Role.Key.AUTHOR: _("Author: also publishes, schedules, corrects and withdraws their own posts"),
    Role.Key.EDITOR: _(
        "Editor: everybody’s posts, pages, sections, pictures, links and redirects; feeds, "
        "headlines and collections"
    ),
    Role.Key.ADMINISTRATOR: _(
        "Administrator: everything, also users, site settings, subscribers and the audit"
    ),
}
"""What each role may do, for somebody who is about to give it."""


class RoleField(forms.ChoiceField):
    """A choice of roles, each with what it may do."""

    short_labels = dict(Role.Key.choices)
    """What the audit calls them."""


class RoleForm(forms.ModelForm[User]):
    """Gives a role. Nobody gives more rights than they have, and nobody changes their own."""

    editor: ClassVar[User] = User()
    """Who fills it in; the newsroom says so."""
    role = RoleField(label=_("Role"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = rights.role_of(self.instance)
        offered = ["", *(role.key for role in rights.roles_to_give(self.editor))]
        if held is not None and held.key not in offered:
            offered.append(held.key)
        self.initial["role"] = held.key if held else ""
        self.fields["role"].choices = [(key, WORDS[key]) for key in offered]  # type: ignore[attr-defined]
        if self.instance.pk is not None and self.instance.pk == self.editor.pk:
            self._keep_own_rights()

    def _keep_own_rights(self) -> None:
        for name in {"role", "is_active", "is_superuser"} & set(self.fields):
            self.fields[name].disabled = True
        self.fields["role"].help_text = _("Another administrator can change yours.")

    def save(self, commit: bool = True) -> User:
        """Open the newsroom to whoever has something to do in it."""
        self.instance.is_staff = self._has_rights()
        return super().save(commit)

    def _has_rights(self) -> bool:
        user, chosen = self.instance, self.cleaned_data
        if chosen.get("role") or user.is_superuser:
            return True
        groups = chosen.get("groups", user.groups.filter(role=None) if user.pk else ())
        own = chosen.get("user_permissions", user.user_permissions.all() if user.pk else ())
        return bool(groups) or bool(own)

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        key = self.cleaned_data.get("role")
        rights.give_role(self.instance, Role.objects.get(key=key) if key else None)


class UserForm(RoleForm, UserChangeForm[User]):
    """An account as an administrator sees it."""

    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007  the admin names them, by what its user may change
        field_classes = {"username": UsernameField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            groups = self.fields["groups"]
            groups.queryset = groups.queryset.filter(role=None)  # type: ignore[attr-defined]
            self.initial["groups"] = list(self.instance.groups.filter(role=None))


class NewUserForm(RoleForm, AdminUserCreationForm[User]):
    """A new account."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email"]
        field_classes = {"username": UsernameField}
