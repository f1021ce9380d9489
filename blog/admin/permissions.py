"""Permissions in the language of who looks at them: the database keeps their names in English."""

from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Translators: what somebody may do with rows of a table, such as “posts: add”.
_DEEDS = {
    "add": _("%(rows)s: add"),
    "change": _("%(rows)s: change"),
    "delete": _("%(rows)s: delete"),
    "view": _("%(rows)s: look at"),
}


def name_of(permission: Permission) -> str:
    """Return what a permission lets somebody do, after the part of the newsroom that it is of."""
    model: Any = permission.content_type.model_class()
    if model is None:  # of an app that is gone
        return str(permission)
    deed, _underscore, name = permission.codename.partition("_")
    words = _DEEDS.get(deed) if name == model._meta.model_name else None
    said = words % {"rows": model._meta.verbose_name_plural} if words else gettext(permission.name)
    return f"{model._meta.app_config.verbose_name} | {said}"


class PermissionsField(forms.ModelMultipleChoiceField[Permission]):
    """Permissions to choose from."""

    def label_from_instance(self, obj: Permission) -> str:
        """Name one in the active language."""
        return name_of(obj)
