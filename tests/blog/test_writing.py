"""What is typed and not saved, and who else is there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from blog import writing
from blog.models import Page, Post, Writing
from blog.writing import Sheet
from tests.factories import make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def sheet(user, *, object_id=1, model=Post, **window):
    return Sheet(user, model, object_id, window.get("token", "a"))


def test_form_is_kept_without_what_is_nobodys_text():
    data = QueryDict("title=A&tags=1&tags=2&csrfmiddlewaretoken=x&_save=1")
    assert writing.form_of(data) == {"title": ["A"], "tags": ["1", "2"]}


def test_others_are_those_who_were_there_just_now():
    me, her, him = (make_user(first_name=name) for name in ("Me", "Her", "Him"))
    writing.note(sheet(me), now=NOW)
    writing.note(sheet(her), now=NOW - timedelta(seconds=30))
    writing.note(sheet(her, token="b"), now=NOW)
    writing.note(sheet(him), now=NOW - timedelta(minutes=2))
    writing.note(sheet(him, object_id=2), now=NOW)
    writing.note(sheet(him, model=Page), now=NOW)
    assert writing.others(sheet(me), now=NOW) == ["Her"]


def test_new_texts_are_nobody_elses():
    writing.note(sheet(make_user(), object_id=0), now=NOW)
    assert writing.others(sheet(make_user(), object_id=0, token="b"), now=NOW) == []


def test_presence_does_not_take_what_was_typed():
    me = make_user()
    writing.note(sheet(me), now=NOW, form={"title": ["A"]}, version=3)
    writing.note(sheet(me), now=NOW + timedelta(minutes=1))
    found = writing.unsaved(sheet(me))
    assert (found.title, found.version, found.typed_at) == ("A", 3, NOW)


def test_each_window_keeps_its_own():
    me = make_user()
    writing.note(sheet(me, token="a"), now=NOW, form={"title": ["A"]})
    writing.note(sheet(me, token="b"), now=NOW, form={"title": ["B"]})
    writing.note(sheet(make_user(), token="c"), now=NOW, form={"title": ["C"]})
    assert [row.title for row in writing.unsaved_elsewhere(sheet(me, token="b"))] == ["A"]
    writing.forget(sheet(me, token="a"), now=NOW)
    assert writing.unsaved_elsewhere(sheet(me, token="b")) == []
    assert writing.unsaved(sheet(me, token="b")).title == "B"


@pytest.mark.parametrize("has_row", [True, False])
def test_a_message_that_arrives_after_the_save_that_it_came_before_changes_nothing(has_row):
    me = make_user()
    if has_row:
        writing.note(sheet(me), now=NOW, form={"title": ["A"]}, number=1)
    writing.forget(sheet(me), now=NOW, number=2)
    writing.note(sheet(me), now=NOW, form={"title": ["A, typed"]}, number=2)
    assert writing.unsaved(sheet(me)) is None
    writing.note(sheet(me), now=NOW, form={"title": ["B, after going back"]}, number=3)
    assert writing.unsaved(sheet(me)).title == "B, after going back"


def test_sweep_leaves_what_may_be_taken_up():
    me = make_user()
    writing.note(sheet(me, token="idle"), now=NOW - timedelta(days=2))
    writing.note(sheet(me, token="old"), now=NOW - timedelta(days=31), form={"title": ["A"]})
    writing.note(sheet(me, token="kept"), now=NOW - timedelta(days=29), form={"title": ["A"]})
    writing.note(sheet(me, token="open"), now=NOW)
    assert writing.sweep(now=NOW) == 2
    assert set(Writing.objects.values_list("token", flat=True)) == {"kept", "open"}
