"""What each role may do when it comes into being: four groups, made and kept by ``migrate``.

Every permission is given once. What an administrator takes from a group or adds to it stays so;
a permission that comes with a later release is given when it first exists.
"""

from fnmatch import fnmatchcase
from typing import Any

from django.apps import AppConfig
from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS, transaction

from blog.models import Role

_CONTRIBUTOR = (
    *("blog.add_post", "blog.change_post", "blog.delete_post", "blog.view_post"),
    *("blog.add_image", "blog.change_image", "blog.view_image"),
    *("blog.view_author", "blog.view_category", "blog.view_tag"),
)
_AUTHOR = (
    *_CONTRIBUTOR,
    "blog.publish_post",
    *("blog.add_correction", "blog.change_correction", "blog.view_correction"),
)
_EDITOR = (
    *_AUTHOR,
    "blog.edit_all_posts",
    *(f"blog.*_{model}" for model in ("post", "page", "category", "tag", "author", "image")),
    *("blog.*_correction", "blog.*_navlink"),
    "redirects.*_redirect",
    "newsandtimes.*_frontblock",
    "aggregator.*",
    *("newsletter.*_digest", "newsletter.*_edition"),
    "newsletter.count_subscribers",
)
GRANTS: dict[str, tuple[str, ...]] = {
    Role.Key.CONTRIBUTOR: _CONTRIBUTOR,
    Role.Key.AUTHOR: _AUTHOR,
    Role.Key.EDITOR: _EDITOR,
    Role.Key.ADMINISTRATOR: ("*",),
}
"""By roles, names of permissions (``app.codename``) in which ``*`` stands for anything."""


def is_granted(role: str, permission: str) -> bool:
    """Whether a role comes with a permission, given as ``app.codename``."""
    return any(fnmatchcase(permission, pattern) for pattern in GRANTS[role])


@transaction.atomic
def sync(*, apps: Any = all_apps, using: str = DEFAULT_DB_ALIAS) -> int:
    """Make what is missing of the groups, and give them what they never had; return how many."""
    roles = apps.get_model("blog", "Role").objects.using(using)
    groups = apps.get_model("auth", "Group").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    names = {
        f"{app}.{codename}": pk
        for pk, app, codename in permissions.values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    given = 0
    for key in Role.Key:
        role = roles.filter(key=key).first()
        if role is None:
            group, _ = groups.get_or_create(name=key.name.capitalize())
            role = roles.create(key=key, group=group)
        new = sorted({name for name in names if is_granted(key, name)}.difference(role.given))
        if new:
            role.group.permissions.add(*(names[name] for name in new))
            role.given = sorted({*role.given, *new})
            role.save(update_fields=["given"])
        given += len(new)
    return given


def sync_after_migrate(
    *, sender: AppConfig, using: str = DEFAULT_DB_ALIAS, apps: Any = all_apps, **options: Any
) -> None:
    """Take the signal that an app is migrated; act at the last one, when all permissions exist."""
    if sender.label != [app.label for app in all_apps.get_app_configs() if app.models_module][-1]:
        return
    try:
        apps.get_model("blog", "Role")
    except LookupError:  # migrated back to before there were roles
        return
    # Django makes the permissions of an app by the same signal, maybe after us.
    create_permissions(sender, verbosity=0, using=using, apps=apps)
    sync(apps=apps, using=using)
