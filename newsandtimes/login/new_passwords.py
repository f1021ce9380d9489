"""A new password of one's own: that it changed is kept in the audit, never what it is."""

from typing import Any

from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext as _t

from blog import audit
from blog.models import User


class ChangeForm(AdminPasswordChangeForm):
    """Asks for the old one too."""

    def save(self, commit: bool = True) -> Any:
        """Keep that it changed, never what it is."""
        return _kept(super().save(commit), _t("Changed their own password."))


class ForgottenForm(SetPasswordForm[User]):
    """For whoever has the link out of the mail."""

    def save(self, commit: bool = True) -> Any:
        """Keep that it changed, never what it is."""
        return _kept(super().save(commit), _t("Set a new password by a link in a mail."))


def _kept(user: User, words: str) -> User:
    audit.record(audit.Kind.RIGHTS, by=user, obj=user, words=words)
    return user
