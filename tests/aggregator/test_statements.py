"""Many rows with one prepared statement."""

import pytest

from aggregator.models import Signature, StoryMember
from aggregator.statements import insert_many
from tests.factories import LONG_AGO, make_headline, make_story

pytestmark = pytest.mark.django_db


def test_rows_that_name_their_keys_get_them():
    keys = [make_headline().pk for _ in range(2)]
    rows = [
        {"headline_id": pk, "at": LONG_AGO, "seen_at": LONG_AGO, "marks": "[]"} for pk in keys[::-1]
    ]
    insert_many(Signature, rows)
    assert list(Signature.objects.order_by("pk").values_list("pk", flat=True)) == keys
    assert not Signature.objects.filter(is_stale=True).exists()


def test_what_is_there_already_can_be_passed_over():
    first, second = make_headline(), make_headline()
    story = make_story(first)
    rows = [
        {"headline_id": one.pk, "story_id": story.pk, "reason": "link", "joined_at": LONG_AGO}
        for one in (first, second)
    ]
    insert_many(StoryMember, rows, ignores_conflicts=True)
    reasons = StoryMember.objects.order_by("pk").values_list("headline", "reason")
    assert [pk for pk, _ in reasons] == [first.pk, second.pk]
    assert reasons[0][1] != "link"
    assert reasons[1][1] == "link"
