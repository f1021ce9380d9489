"""How well the labelled headlines are grouped: what benchmarks/stories.py measures, held here."""

from datetime import timedelta

import pytest
import time_machine

from aggregator.models import Headline
from aggregator.stories.grouping import group
from benchmarks.story_set import by_equal_titles, by_jaccard, quality, read
from tests.aggregator.stories.telling import NOW, tell

PARTS = ("tuned", "harder", "held_out")


@pytest.mark.django_db
@pytest.mark.parametrize("part", PARTS)
def test_the_labelled_headlines_are_grouped_well(part):
    told = sorted(read(part, start=NOW), key=lambda one: one.at)
    rows = []
    for one in told:
        minutes = (one.at - NOW) / timedelta(minutes=1)
        fields = {"minutes": minutes, "outlet": one.outlet, "language": one.language}
        rows.append(tell(one.title, **fields))
    with time_machine.travel(NOW + timedelta(hours=72)):
        group()
    story_of = dict(Headline.objects.values_list("pk", "membership__story"))
    found = quality([one.story for one in told], [story_of[row.pk] or -row.pk for row in rows])
    assert min(found.precision, found.b_precision) >= 0.95
    assert found.b_f1 >= 0.9


def test_the_set_is_as_large_as_it_says():
    told = [one for part in PARTS for one in read(part, start=NOW)]
    assert len(told) >= 300
    assert len({one.story for one in told}) >= 60
    assert {one.language for one in told} == {"en", "uk", "ru"}


def test_the_measures_are_those_of_the_books():
    same = quality("aabb", "xxyy")
    assert (same.precision, same.recall, same.b_f1) == (1, 1, 1)
    lumped = quality("aabb", "xxxx")
    assert (lumped.precision, lumped.recall) == (2 / 6, 1)
    assert (lumped.b_precision, lumped.b_recall) == (0.5, 1)
    split = quality("aabb", "xywz")
    assert (split.precision, split.recall, split.b_precision, split.b_recall) == (1, 0, 1, 0.5)


def test_the_plain_ways_group_what_is_plainly_equal():
    told = list(read("tuned", start=NOW))[:8]
    assert len(set(by_equal_titles([told[0], told[0], told[1]]))) == 2
    assert len(set(by_jaccard(told, least=0))) == 1
    assert len(set(by_jaccard(told, least=1))) == 8
