"""How a feed is asked for with its publisher's permission; secrets go in and never come out."""

from dataclasses import fields
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from aggregator.access import Access, check_access
from aggregator.models import Feed, FeedAccess


class AccessForm(forms.ModelForm[FeedAccess]):
    """What is stored of a secret stays unless another is put in or its removal is asked for."""

    remove_secrets = forms.MultipleChoiceField(
        label=_("take out"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = FeedAccess
        fields = [
            "user_agent",
            "header_name",
            "header_value",
            "username",
            "password",
            "cookie",
            "proxy",
        ]
        widgets = {
            name: forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
            for name in FeedAccess.SECRETS
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = {name: getattr(self.instance, name) for name in FeedAccess.SECRETS}
        held = [name for name, value in self._stored.items() if value]
        for name in FeedAccess.SECRETS:
            self.initial[name] = ""
        for name in held:
            self.fields[name].help_text = _("One is stored. Left empty, it stays.")
        labels = [(name, self.fields[name].label) for name in held]
        self.fields["remove_secrets"].choices = labels  # type: ignore[attr-defined]
        if not held:
            self.fields["remove_secrets"].widget = forms.MultipleHiddenInput()

    def clean(self) -> dict[str, Any]:
        """Keep what is not given anew, and refuse what would break a request."""
        data = super().clean() or self.cleaned_data
        removed = data.get("remove_secrets", [])
        for name, stored in self._stored.items():
            data[name] = data.get(name) or ("" if name in removed else stored)
        access = Access(**{one.name: data.get(one.name, "") for one in fields(Access)})
        for name, words in check_access(access).items():
            self.add_error(name, str(words))
        return data


class AccessInline(admin.StackedInline[FeedAccess, Feed]):
    """One for a feed, or none."""

    model = FeedAccess
    form = AccessForm
    extra = 0
    max_num = 1
    verbose_name = _("access with the publisher’s permission")
    verbose_name_plural = _("access")
