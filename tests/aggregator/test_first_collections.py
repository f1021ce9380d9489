"""The collections that every site begins with."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from aggregator.models import Collection
from blog.models import Page
from newsandtimes.models import FrontBlock
from newsletter.models import Digest
from tests.factories import make_collection, make_edition, make_pick

pytestmark = pytest.mark.django_db


def make_first():
    """Do what the migrations do."""
    steps = [
        ("aggregator.migrations.0012_first_collections", "make"),
        ("newsandtimes.migrations.0002_blocks_of_first_collections", "fill"),
        ("newsletter.migrations.0017_digests_take_mail_only", "take"),
        ("newsletter.migrations.0019_digests_take_selected", "take"),
    ]
    for module, name in steps:
        getattr(import_module(module), name)(apps, SimpleNamespace(connection=connection))


def test_new_site_has_its_collections_their_keys_and_blocks():
    make_first()
    columns = ("slug", "title", "desk_key", "is_public", "home_count")
    assert list(Collection.objects.values_list(*columns)) == [
        ("selected-articles", "Selected Articles", "s", True, 8),
        ("tweets", "Tweets", "1", True, 0),
        ("links", "Links", "2", True, 0),
        ("starred", "Starred", "*", True, 0),
        ("in-the-next-digest", "In the next digest", "d", False, 0),
    ]
    assert FrontBlock.objects.filter(collection__isnull=False).count() == 5


def test_what_a_site_has_stays_as_it_is_and_gets_keys():
    own = make_collection(title="Our choice", slug="selected-articles", intro="Ours.", position=4)
    pick = make_pick(collection=own)
    defence = make_collection(title="Defence", position=1)
    page = Page.objects.create(title="Our links", slug="links")
    make_first()
    own.refresh_from_db()
    found = (own.title, own.intro, own.position, own.home_count, own.desk_key)
    assert found == ("Our choice", "Ours.", 4, 0, "s")
    assert list(own.picks.all()) == [pick]
    defence.refresh_from_db()
    assert defence.desk_key == "1"
    assert not Collection.objects.filter(slug=page.slug).exists()
    assert Collection.objects.get(slug="tweets").position == 6


def test_every_digest_takes_what_is_for_mail_only():
    Digest.objects.all().delete()
    digest = Digest.objects.create(title="The review")
    chosen = make_collection()
    digest.collections.add(chosen)
    make_first()
    taken = digest.collections.values_list("slug", flat=True)
    assert sorted(taken) == sorted([chosen.slug, "in-the-next-digest"])


def test_digests_that_nobody_has_touched_take_what_editors_select():
    Digest.objects.all().delete()
    new, known = (Digest.objects.create(title=name, slug=name) for name in ("new", "known"))
    make_edition(digest=known, frozen_at=timezone.now())
    make_first()
    taken = [sorted(one.collections.values_list("slug", flat=True)) for one in (new, known)]
    assert taken == [["in-the-next-digest", "selected-articles"], ["in-the-next-digest"]]


def test_form_offers_a_new_digest_what_the_others_take(admin_client):
    make_first()
    form = admin_client.get("/admin/newsletter/digest/add/").context["adminform"].form
    offered = Collection.objects.filter(pk__in=form.initial["collections"])
    assert sorted(one.slug for one in offered) == ["in-the-next-digest", "selected-articles"]
