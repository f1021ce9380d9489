"""The four roles of the newsroom, each a group of django.contrib.auth."""

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.Model):
    """Which group stands for a role, and what it was given once; see newsandtimes.roles."""

    class Key(models.TextChoices):
        """The roles, each with more rights than the one before."""

        CONTRIBUTOR = "contributor", _("Contributor")
        AUTHOR = "author", _("Author")
        EDITOR = "editor", _("Editor")
        ADMINISTRATOR = "administrator", _("Administrator")

    key = models.CharField(_("role"), max_length=20, choices=Key, unique=True)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, verbose_name=_("group"))
    given = models.JSONField(
        default=list,
        help_text="Permissions that it was given by itself: taken away by hand, they stay away.",
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return self.get_key_display()
