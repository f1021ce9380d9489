"""The four groups come with ``migrate``, grow with it, and stay as an administrator leaves them."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from blog.models import Role
from newsandtimes import roles

pytestmark = pytest.mark.django_db


def held(key):
    permissions = Role.objects.get(key=key).group.permissions.all()
    return {f"{one.content_type.app_label}.{one.codename}" for one in permissions}


def test_migrate_has_made_the_four_groups():
    assert sorted(Group.objects.values_list("name", flat=True)) == [
        *("Administrator", "Author", "Contributor", "Editor")
    ]
    assert held("contributor") == set(roles.GRANTS["contributor"])
    assert held("author") == set(roles.GRANTS["author"])
    assert Role.objects.get(key="administrator").group.permissions.count() == (
        Permission.objects.count()
    )


def test_every_name_among_the_grants_is_a_permission():
    """A word misspelt would give nothing, and nobody would notice."""
    names = {
        f"{one.content_type.app_label}.{one.codename}"
        for one in Permission.objects.select_related("content_type")
    }
    for key, patterns in roles.GRANTS.items():
        for pattern in set(patterns) - {"newsletter.*_edition"}:  # comes with the editions
            found = {name for name in names if roles.fnmatchcase(name, pattern)}
            assert found, f"{key}: {pattern} matches no permission"


def test_migrating_again_changes_nothing_that_an_administrator_has_changed():
    group = Role.objects.get(key="contributor").group
    taken = Permission.objects.get(codename="add_image", content_type__app_label="blog")
    added = Permission.objects.get(codename="view_headline")
    group.permissions.remove(taken)
    group.permissions.add(added)
    group.name = "Guest writers"
    group.save()

    call_command("migrate", verbosity=0)

    expected = (set(roles.GRANTS["contributor"]) - {"blog.add_image"}) | {
        "aggregator.view_headline"
    }
    assert held("contributor") == expected
    assert Group.objects.count() == 4


def test_a_permission_that_comes_later_is_given_once():
    assert roles.sync() == 0
    content = Permission.objects.get(codename="view_headline").content_type
    Permission.objects.create(codename="tag_headline", name="Can tag", content_type=content)
    assert roles.sync() == 2  # to editors and administrators
    assert "aggregator.tag_headline" in held("editor")
    assert "aggregator.tag_headline" not in held("author")
    assert roles.sync() == 0


def test_a_fresh_database_has_them_after_one_migrate():
    """Permissions of the last app are made by the same signal, in whatever order."""
    Role.objects.all().delete()
    Group.objects.all().delete()
    last = [app for app in apps.get_app_configs() if app.models_module][-1]
    Permission.objects.all().delete()
    for app in apps.get_app_configs():
        if app.models_module and app is not last:
            roles.create_permissions(app, verbosity=0)
            roles.sync_after_migrate(sender=app)
    assert not Role.objects.exists()
    roles.sync_after_migrate(sender=last)
    assert held("contributor") == set(roles.GRANTS["contributor"])
    assert Role.objects.get(key="administrator").group.permissions.count() == (
        Permission.objects.count()
    )


def test_a_group_of_that_name_is_taken_over():
    Role.objects.all().delete()
    before = set(Group.objects.values_list("pk", flat=True))
    roles.sync()
    assert set(Role.objects.values_list("group", flat=True)) == before
