"""The form behind "Get updates to your inbox"."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from newsletter.addresses import InvalidAddressError, clean_address
from newsletter.models import SignUp
from newsletter.subscribing import stamps
from newsletter.subscribing.consent import consent_text

TRAP = "website"
STAMP = "stamp"
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

    def __init__(
        self, data: Any = None, *, now: datetime, origin: str = "", **options: Any
    ) -> None:
        super().__init__(data, **options)
        given = data or {}
        self.now = now
        self.stamp = stamps.read(given.get(STAMP, ""))
        self.origin = origin or (self.stamp.origin if self.stamp else "")
        self.page = _as_path(given.get("page", ""))
        self.is_trapped = bool(given.get(TRAP, ""))

    @property
    def is_stamped(self) -> bool:
        """Whether it came from a page of ours that was read, not too long ago."""
        return self.stamp is not None and self.stamp.is_good(now=self.now)

    @property
    def is_sure(self) -> bool:
        """Whether it came from a page that was made for this visitor alone."""
        return self.stamp is not None and self.stamp.is_for_one and self.is_stamped

    @property
    def next_stamp(self) -> str:
        """The stamp to show it with again; one that is too young only has to wait."""
        if self.stamp and self.stamp.is_too_young(now=self.now):
            return str(self.data[STAMP])
        return stamps.for_one(now=self.now, origin=self.origin)

    def wish(self) -> SignUp:
        """Return what the form asks for, not yet stored."""
        return SignUp(
            email=self.cleaned_data["email"],
            consent_form=(self.origin or self.page)[:200],
            consent_text=consent_text(),
            language=get_language() or settings.LANGUAGE_CODE,
        )


def _as_path(text: str) -> str:
    """Return ``text`` if it may be the path of one of our pages, else an empty string."""
    return text[:200] if text.startswith("/") and text.isprintable() else ""
