"""The outlets of the usual collection, beside the Desk."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import SiteSettings
from tests.aggregator.desk.desking import NOW, make_keyed
from tests.aggregator.desk.test_views import own_queries
from tests.factories import make_collection, make_editor, make_headline, make_pick

pytestmark = pytest.mark.django_db
OUTLETS = "/admin/desk/outlets/"


@pytest.fixture(autouse=True)
def _editor(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(make_editor())


def test_outlets_are_those_of_the_usual_collection(client):
    SiteSettings.objects.create(outlet_share=60, outlet_share_from=3)
    others, usual = make_collection(title="Links", position=0), make_keyed(position=1)
    for collection, outlet in [(usual, "a.example"), (others, "c.example")]:
        for hours in (1, 2, 40):
            headline = make_headline(outlet=outlet)
            placed = {"collection": collection, "placed_at": NOW - timedelta(hours=hours)}
            make_pick(headline=headline, **placed)
    client.get(OUTLETS)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(OUTLETS)
    assert len(own_queries(queries.captured_queries)) == 2
    text = page.content.decode()
    assert "<strong>Selected Articles</strong>" in text
    assert text.count("a.example 100 %") == 2
    assert "<strong>a.example has 100 %</strong> of “Selected Articles” (7 days)" in text
    assert "c.example" not in text


def test_nothing_and_no_collection_are_said(client):
    assert "There is no collection yet." in client.get(OUTLETS).content.decode()
    make_keyed()
    assert "<p>Nothing yet.</p>" in client.get(OUTLETS).content.decode()
