"""The forms of logging in."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm as BaseLoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as BaseReauthenticateForm
from django import forms
from django.utils.translation import gettext_lazy as _

from newsandtimes.login.adapter import take_place_or_refuse


class LoginForm(BaseLoginForm):
    """Name and password."""

    error_messages = {
        "username_password_mismatch": _("The name or the password is not right."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.label, password.label = _("Name"), _("Password")
        password.help_text = ""
        # The names by which browsers and editors know the fields.
        name.widget = forms.TextInput(
            attrs={"id": "id_username", "autocomplete": "username", "autofocus": True}
        )
        password.widget.attrs = {"id": "id_password", "autocomplete": "current-password"}


class _BrakedCode:
    """Counts tries of codes like those of passwords."""

    user: Any

    def clean_code(self) -> str:
        """Return the code; raises ValidationError if it is wrong, or at the brake."""
        place = take_place_or_refuse(
            context.request,
            get_adapter(),
            account=f"second factor of {self.user.pk}",
            owner=self.user.get_username(),
        )
        code: str = super().clean_code()  # type: ignore[misc]  # of the form it is mixed into
        place.delete()
        return code


class AuthenticateForm(_BrakedCode, BaseAuthenticateForm):
    """The second factor at a login."""


class ReauthenticateForm(_BrakedCode, BaseReauthenticateForm):
    """The second factor before something sensitive."""
