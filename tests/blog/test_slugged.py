"""Slugs under two editors at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection
from django.db.models.signals import pre_save

from blog.models import Author
from tests.factories import make_author, make_post


@pytest.fixture
def side_by_side():
    """Hold the first two saves back until both have looked which slugs are free."""
    both = threading.Barrier(2, timeout=10)
    held = threading.local()

    def hold(**kwargs):
        if not hasattr(held, "once"):
            held.once = True
            both.wait()

    pre_save.connect(hold, sender=Author)
    yield
    pre_save.disconnect(hold, sender=Author)


def make_in_thread(name):
    try:
        return make_author(name=name).slug
    finally:
        connection.close()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_equal_names_saved_at_once_get_different_slugs(side_by_side):
    with ThreadPoolExecutor(2) as threads:
        slugs = list(threads.map(make_in_thread, ["Olena", "Olena"]))
    assert sorted(slugs) == ["olena", "olena-2"]


@pytest.mark.django_db
def test_other_broken_rules_are_told_as_they_are():
    with pytest.raises(IntegrityError, match="link_post_has_source"):
        make_post(kind="link")
