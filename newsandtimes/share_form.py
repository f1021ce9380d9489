"""The form in which editors describe a page that they bring from elsewhere."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.utils.translation import gettext_lazy as _

from aggregator import offers
from aggregator.guard import IPNetwork, parse_networks
from aggregator.offers import AddressError
from blog.drafting import TITLE_MAX_LENGTH
from blog.models.post import OUTLET_MAX_LENGTH
from blog.text import clean_line, language_tag


def allowed_networks() -> tuple[IPNetwork, ...]:
    """Return the private networks that whoever runs the site has opened."""
    return parse_networks(settings.FETCH_ALLOWED_NETWORKS)


class ShareForm(forms.Form):
    """A page in an editor's words."""

    source_url = forms.CharField(
        label=_("address"),
        max_length=4_000,
        # Whoever shares has not typed: what is missing is looked up; see source_offer.js.
        widget=AdminTextInputWidget(attrs={"inputmode": "url", "data-fill": ""}),
    )
    title = forms.CharField(
        label=_("title"), max_length=TITLE_MAX_LENGTH, widget=AdminTextInputWidget
    )
    quote = forms.CharField(
        label=_("quote"),
        max_length=offers.QUOTE_MAX_LENGTH,
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 5}),
        help_text=_("Words of the page itself. An empty line separates paragraphs."),
    )
    outlet = forms.CharField(
        label=_("outlet"),
        max_length=OUTLET_MAX_LENGTH,
        required=False,
        widget=AdminTextInputWidget,
        help_text=_("Stands in a post. A headline in a collection is signed by its site."),
    )
    language = forms.CharField(label=_("language"), max_length=20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = language_tag(str(self["language"].value() or ""))
        choices: list[tuple[str, Any]] = [("", _("not known")), *settings.LANGUAGES]
        if given not in dict(choices):
            choices.append((given, given))
        self.fields["language"].widget = forms.Select(choices=choices)

    def clean_source_url(self) -> str:
        """Refuse what no reader could open."""
        try:
            return offers.usable_address(
                self.cleaned_data["source_url"], allowed=allowed_networks()
            )
        except AddressError as error:
            raise forms.ValidationError(str(error.reason)) from error

    def clean_title(self) -> str:
        """Make one clean line of it."""
        title = clean_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError(_("A page needs a title."))
        return title

    def clean_quote(self) -> str:
        """Clean it line by line."""
        return offers.clean_lines(self.cleaned_data["quote"])

    def clean_outlet(self) -> str:
        """Make one clean line of it."""
        return clean_line(self.cleaned_data["outlet"])

    def clean_language(self) -> str:
        """Take nothing but a language."""
        return language_tag(self.cleaned_data["language"])
