"""What a process remembers is never what it was before a change."""

import time

import pytest
from django.db import transaction

from blog import remembering
from blog.models import NavLink, SiteSettings
from blog.remembering import remembered
from newsandtimes.models import FrontBlock
from tests.factories import make_collection, make_pick

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_asked_twice_as_long_as_nothing_changes(django_assert_num_queries):
    made = []

    def make():
        made.append(len(made))
        return made[-1]

    with django_assert_num_queries(3):
        assert [remembered("answer", make) for _ in range(3)] == [0, 0, 0]
    SiteSettings.objects.create(title="Another")
    assert remembered("answer", make) == 1


def test_change_by_another_way_shows_within_a_minute(monkeypatch):
    made = iter(["old", "new"])
    monkeypatch.setattr(remembering, "MOST_S", 0.05)
    assert remembered("answer", lambda: next(made)) == "old"
    time.sleep(0.06)
    assert remembered("answer", lambda: next(made)) == "new"


def test_a_transaction_sees_its_own_changes():
    SiteSettings.objects.create(title="Before")
    assert remembered("title", lambda: SiteSettings.load().title) == "Before"
    with transaction.atomic():
        SiteSettings.objects.update(title="After")
        assert remembered("title", lambda: SiteSettings.load().title) == "After"
        transaction.set_rollback(True)
    assert remembered("title", lambda: SiteSettings.load().title) == "Before"


def test_changed_surroundings_show_on_the_next_request(client):
    SiteSettings.objects.create(title="The First")
    collection = make_collection(title="Chosen headlines", home_count=3)
    make_pick(collection=collection)
    page = client.get("/").content.decode()
    assert "The First" in page
    assert "Chosen headlines" in page
    SiteSettings.objects.update(title="The Second")
    NavLink.objects.create(label="Elsewhere", target="/elsewhere/", place="masthead")
    FrontBlock.objects.filter(collection=collection).update(is_shown=False)
    page = client.get("/").content.decode()
    assert "The First" not in page
    assert "The Second" in page
    assert '<a href="/elsewhere/">Elsewhere</a>' in page
    assert "Chosen headlines" not in page
