"""What collections know of their addresses."""

import pytest
from django.core.exceptions import ValidationError

from tests.factories import make_collection

pytestmark = pytest.mark.django_db

TAKEN = ["2026", "admin", "category", "feed", "media", "page", "subscribe", "subscription"]


@pytest.mark.parametrize("slug", [*TAKEN, "2026"])
def test_a_slug_whose_address_is_taken_is_refused(slug):
    collection = make_collection(slug=slug)
    with pytest.raises(ValidationError) as caught:
        collection.full_clean()
    assert caught.value.message_dict == {
        "slug": [f"The address /{slug}/ belongs to another page of this site."]
    }


@pytest.mark.parametrize("slug", ["links", "tweets", "selected-articles", "feeds", "x"])
def test_other_slugs_are_fine(slug):
    collection = make_collection(slug=slug)
    collection.full_clean()
    assert collection.get_absolute_url() == f"/{slug}/"


@pytest.mark.parametrize("slug", TAKEN)
def test_an_automatic_slug_leads_to_the_collection(client, slug):
    collection = make_collection(title=slug.title(), intro="Found it.")
    assert collection.slug == f"{slug}-2"
    assert "<p>Found it.</p>" in client.get(collection.get_absolute_url()).content.decode()
