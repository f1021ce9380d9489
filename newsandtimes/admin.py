"""Parts of Django's own that editors meet in the newsroom, in plain words: former addresses."""

from typing import Any
from urllib.parse import unquote, urlsplit

# These register their models when they are imported; ours stand in their place.
import django.contrib.redirects.admin
import django.contrib.sites.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.redirects.models import Redirect
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from blog import former
from blog.admin.lists import LongListAdmin
from newsandtimes import front_admin, task_list
from newsandtimes.standing import stands_at

__all__ = ["RedirectAdmin", "front_admin", "task_list"]

LONGEST_CHAIN = 20

admin.site.unregister(Site)
admin.site.unregister(Redirect)
for model in (EmailAddress, Authenticator, UserSession):  # newsandtimes.login has pages for them
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class RedirectForm(forms.ModelForm[Redirect]):
    """From where readers are led, and where to."""

    class Meta:
        model = Redirect
        fields = ["old_path", "new_path"]
        labels = {"old_path": _("former address"), "new_path": _("leads to")}
        help_texts = {
            "old_path": _(
                "A path of this site at which nothing stands any more, such as “/old-name/”. "
                "You may paste the whole address."
            ),
            "new_path": _(
                "A path of this site (“/new-name/”), or a full address (https://…), to which "
                "readers and search engines are led for good. Left empty, the former address says "
                "that what stood there is gone (410)."
            ),
        }

    def clean_old_path(self) -> str:
        """Return a path of this site at which nothing stands."""
        path = path_of(self.cleaned_data["old_path"])
        if stands_at(path):
            raise ValidationError(
                _("Something stands at “%(path)s”: readers are not led away from it."),
                params={"path": path},
            )
        others = Redirect.objects.filter(site_id=settings.SITE_ID, old_path=path)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(
                _("There is a redirect from “%(path)s” already. Change that one."),
                params={"path": path},
            )
        return path

    def clean_new_path(self) -> str:
        """Return a path of this site, a full address, or nothing."""
        target = str(self.cleaned_data["new_path"]).strip()
        if not target:
            return ""
        if is_outside(target):
            parts = urlsplit(target)
            is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
            if not is_address or any(character in target for character in " \t\r\n\\"):
                raise ValidationError(
                    _("Give a path of this site (“/new-name/”) or a full address (https://…).")
                )
            return target
        if not target.startswith("/") or any(c in target for c in " \t\r\n\\"):
            raise ValidationError(
                _("Give a path of this site (“/new-name/”) or a full address (https://…).")
            )
        return target

    def clean(self) -> dict[str, Any]:
        """Refuse to lead readers in a circle."""
        cleaned = super().clean() or self.cleaned_data
        old, new = cleaned.get("old_path"), cleaned.get("new_path")
        if old and new and leads_in_a_circle(old, new):
            text = _("From there readers would be led back to the former address, round and round.")
            self.add_error("new_path", text)
        return cleaned


def path_of(text: str) -> str:
    """Return the path that somebody typed or pasted; raises ValidationError for what is none."""
    text = text.strip()
    if text.startswith(f"{settings.SITE_URL}/"):
        text = text[len(settings.SITE_URL) :]
    path = unquote(text)
    if not path.startswith("/") or path.startswith("//") or path == "/":
        raise ValidationError(
            _("Give a path of this site, with a “/” at its beginning, such as “/old-name/”.")
        )
    if any(character in path for character in "?#\\") or any(map(str.isspace, path)):
        raise ValidationError(_("Leave out spaces, and all from the “?” or “#” on."))
    return path


def is_outside(target: str) -> bool:
    """Whether an address leads away from this site."""
    return "://" in target or target.startswith("//")


def leads_in_a_circle(old: str, new: str) -> bool:
    """Whether somebody who is led from ``old`` to ``new`` comes back to ``old``."""
    at = new
    for _step in range(LONGEST_CHAIN):
        at = at.removeprefix(settings.SITE_URL)
        if at.partition("?")[0] == old:
            return True
        move = former.move_from(at.partition("?")[0])
        if move is None or not move.new_path:
            return False
        at = move.new_path
    return True


@admin.register(Redirect)
class RedirectAdmin(LongListAdmin[Redirect]):
    """Former addresses. Most of them are written by the site itself when an address changes."""

    form = RedirectForm
    list_display = ["old_path", "target"]
    list_display_links = ["old_path"]
    search_fields = ["old_path", "new_path"]
    sortable_by = ["old_path"]
    ordering = ["old_path"]
    search_help_text = _("Words of either address, or how they begin.")

    @admin.display(description=_("leads to"))
    def target(self, redirect: Redirect) -> SafeString:
        """Say where it leads, and mark what leads away from this site."""
        if not redirect.new_path:
            return format_html("<em>{}</em>", _t("gone (410)"))
        if is_outside(redirect.new_path):
            return format_html(
                '{} <span class="outside">{}</span>', redirect.new_path, _t("another site")
            )
        return format_html("{}", redirect.new_path)

    def save_model(
        self, request: HttpRequest, obj: Redirect, form: forms.ModelForm[Redirect], change: bool
    ) -> None:
        """Store it for this site, and say what is unusual about it."""
        obj.site_id = settings.SITE_ID
        super().save_model(request, obj, form, change)
        if is_outside(obj.new_path):
            text = _t("Readers of “%(old)s” are now led to another site: %(new)s")
            values = {"old": obj.old_path, "new": obj.new_path}
            self.message_user(request, text % values, messages.WARNING)
        elif obj.new_path and not stands_at(obj.new_path.partition("?")[0].partition("#")[0]):
            text = _t("Nothing stands at “%(new)s” yet: readers would find an empty place there.")
            self.message_user(request, text % {"new": obj.new_path}, messages.WARNING)
