"""The form behind "Get updates to your inbox"."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from newsletter.addresses import InvalidAddressError, clean_address
from newsletter.consent import consent_text
from newsletter.signup import sign_up

TRAP = "website"
NO_ADDRESS = _("This is no e-mail address. It should look like you@example.org.")


class AddressForm(forms.Form):
    """An address."""

    # Not type=email: browsers refuse letters outside ASCII before the @ there.
    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=320,
        widget=forms.TextInput(
            attrs={
                "inputmode": "email",
                "autocomplete": "email",
                "autocapitalize": "none",
                "spellcheck": "false",
                "placeholder": "you@example.org",
            }
        ),
        error_messages={
            "required": _("Please give your e-mail address."),
            "max_length": NO_ADDRESS,
            "null_characters_not_allowed": NO_ADDRESS,
        },
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)

    def clean_email(self) -> str:
        """Return the address, composed and trimmed."""
        try:
            return clean_address(self.cleaned_data["email"])
        except InvalidAddressError as error:
            raise ValidationError(NO_ADDRESS, code="invalid") from error


class SignUpForm(AddressForm):
    """An address, the page it was given on, and a field that only robots fill in."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.page = _as_path((data or {}).get("page", ""))
        self.is_trapped = bool((data or {}).get(TRAP, ""))

    def sign_up(self, *, now: datetime) -> None:
        """Ask the address to confirm, unless a robot filled in the form."""
        if self.is_trapped:
            return
        sign_up(
            email=self.cleaned_data["email"],
            consent_form=self.page,
            consent_text=consent_text(),
            language=get_language() or settings.LANGUAGE_CODE,
            now=now,
        )


def _as_path(text: str) -> str:
    """Return ``text`` if it may be the path of one of our pages, else an empty string."""
    return text[:200] if text.startswith("/") and text.isprintable() else ""
