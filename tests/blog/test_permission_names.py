"""Permissions are named in the language of who looks at them."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import translation

from blog.admin.permissions import name_of
from tests.factories import make_editor

pytestmark = pytest.mark.django_db


def named(codename):
    return name_of(Permission.objects.select_related("content_type").get(codename=codename))


def test_names_say_which_rows_and_what_may_be_done():
    assert named("add_post") == "Publication | posts: add"
    assert named("view_preferredoutlet") == "Feeds and collections | preferred outlets: look at"
    own = "Publication | Can publish, schedule, correct and withdraw posts"
    assert named("publish_post") == own


def test_names_of_rows_are_in_the_active_language():
    with translation.override("uk"):
        assert "post" not in named("add_post")


def test_permission_of_an_app_that_is_gone_keeps_its_name():
    gone = ContentType.objects.create(app_label="gone", model="thing")
    Permission.objects.create(content_type=gone, codename="add_thing", name="Can add thing")
    assert "Can add thing" in named("add_thing")


def test_forms_of_groups_offer_them_in_a_fixed_number_of_queries(client, django_assert_num_queries):
    client.force_login(make_editor())
    client.get(reverse("admin:auth_group_add"))
    with django_assert_num_queries(4):
        page = client.get(reverse("admin:auth_group_add")).text
    assert "Publication | posts: add" in page
    assert "Can add post" not in page


def test_the_queue_has_a_name_for_people(client):
    client.force_login(make_editor())
    page = client.get("/admin/").text
    assert "Background work" in page
    assert "Tasks Database Backend" not in page
