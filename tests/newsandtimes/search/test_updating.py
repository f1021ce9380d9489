"""The index follows what is written, whoever writes and however."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from aggregator.models import Headline
from aggregator.statements import insert_many, update_many
from blog.models import Page, Post
from newsandtimes.search import triggers, updating
from newsandtimes.search.engine import engine
from newsandtimes.search.models import Builder, Kind, Pending
from newsandtimes.search.query import parse
from tests.factories import (
    LONG_AGO,
    make_author,
    make_category,
    make_feed,
    make_headline,
    make_post,
)


def found(kind, typed):
    """Return the titles that the index finds of a kind, whatever readers may see."""
    rows = kind.model._default_manager.all()
    return sorted(row.title for row in engine().search(parse(typed).tree(), rows))


def waiting():
    return sorted(Pending.objects.values_list("kind", "object_id"))


def row_of(number, feed):
    return {
        "feed_id": feed.pk,
        "key": f"{number:064d}",
        "title": f"Zebra {number}",
        "published_at": LONG_AGO,
    }


def test_rows_that_statements_insert_are_indexed(indexed):
    feed = make_feed()
    insert_many(Headline, [row_of(number, feed) for number in range(2_500)])
    assert (indexed(), waiting()) == (2_500, [])
    hits = engine().search(parse("zebra").tree(), Kind.HEADLINE.model.objects.all())
    assert len(hits) == 400


def test_rows_that_bulk_methods_write_are_indexed(indexed):
    category = make_category()
    Post.objects.bulk_create(
        Post(
            title=f"Zebra {n}",
            slug=f"z{n}",
            category=category,
            status="published",
            published_at=LONG_AGO,
        )
        for n in range(3)
    )
    indexed()
    assert found(Kind.POST, "zebra") == ["Zebra 0", "Zebra 1", "Zebra 2"]
    Post.objects.filter(title="Zebra 1").update(title="Lion")
    Post.objects.filter(title="Zebra 2").update(status="withdrawn")
    indexed()
    assert (found(Kind.POST, "zebra"), found(Kind.POST, "lion")) == (["Zebra 0"], ["Lion"])


def test_a_changed_headline_is_found_by_its_new_words_only(indexed):
    headline = make_headline(title="Zebra", summary="Stripes.")
    indexed()
    update_many(Headline, [({"id": headline.pk}, {"title": "Lion", "summary": "Mane."})])
    indexed()
    assert [found(Kind.HEADLINE, word) for word in ("zebra", "stripes", "lion", "mane")] == [
        *([], [], ["Lion"], ["Lion"])
    ]


def test_what_does_not_change_words_is_not_indexed_again(indexed):
    post, headline = make_post(), make_headline()
    indexed()
    Post.objects.filter(pk=post.pk).update(version=7, title=post.title)
    Headline.objects.filter(pk=headline.pk).update(seen_at=timezone.now(), title=headline.title)
    assert waiting() == []


def test_hiding_and_deleting_takes_out_of_the_index(indexed):
    hidden, deleted = make_headline(title="Zebra one"), make_headline(title="Zebra two")
    page = Page.objects.create(title="Zebra page", status="published")
    indexed()
    Headline.objects.filter(pk=hidden.pk).update(is_hidden=True)
    deleted.delete()
    page.delete()
    indexed()
    assert (found(Kind.HEADLINE, "zebra"), found(Kind.PAGE, "zebra")) == ([], [])
    Headline.objects.filter(pk=hidden.pk).update(is_hidden=False)
    indexed()
    assert found(Kind.HEADLINE, "zebra") == ["Zebra one"]


def test_a_post_that_moves_in_time_stands_in_the_index_once(indexed):
    post = make_post(title="Zebra")
    indexed()
    Post.objects.filter(pk=post.pk).update(published_at=LONG_AGO - timedelta(days=4_000))
    indexed()
    (hits,) = engine().find(
        parse("zebra").tree(), [Kind.POST.model.objects.all()], by_relevance=False
    )
    assert [(hit.pk, hit.at) for hit in hits] == [(post.pk, LONG_AGO - timedelta(days=4_000))]


def test_tags_and_sections_change_what_is_found(indexed):
    post = make_post(title="Post", tags=["zebra"])
    indexed()
    assert found(Kind.POST, "zebra") == ["Post"]
    post.tags.clear()
    post.categories.add(make_category(name="Lions"))
    indexed()
    assert (found(Kind.POST, "zebra"), found(Kind.POST, "lions")) == ([], ["Post"])


@pytest.mark.parametrize("place", ["category", "author", "tag"])
def test_new_name_of_a_section_author_or_tag_finds_its_posts(indexed, place):
    post = make_post(title="Post", tags=["zebra"])
    make_post(title="Another post")
    post.authors.add(make_author(name="Zebra"))
    renamed = {
        "category": post.category,
        "author": post.authors.get(name="Zebra"),
        "tag": post.tags.get(),
    }[place]
    indexed()
    type(renamed).objects.filter(pk=renamed.pk).update(name="Lions")
    assert waiting() == [(Kind.POST, post.pk)]
    indexed()
    assert found(Kind.POST, "lions") == ["Post"]
    type(renamed).objects.filter(pk=renamed.pk).update(slug="quite-another")
    assert waiting() == []


def test_it_goes_on_where_it_was_stopped(indexed, monkeypatch):
    monkeypatch.setitem(updating.BATCH, Kind.HEADLINE, 10)
    feed = make_feed()
    insert_many(Headline, [row_of(number, feed) for number in range(35)])
    steps = updating.steps()
    assert [next(steps).done, next(steps).done] == [10, 10]
    steps.close()
    assert (len(waiting()), updating.is_busy()) == (15, False)
    assert (indexed(), len(found(Kind.HEADLINE, "zebra"))) == (15, 35)


def test_one_process_at_a_time(indexed, monkeypatch):
    monkeypatch.setitem(updating.BATCH, Kind.HEADLINE, 1)
    make_headline(title="Zebra")
    make_headline(title="Zebra two")
    first = updating.steps()
    next(first)
    assert (updating.is_busy(), indexed(), len(waiting())) == (True, 0, 1)
    first.close()
    assert indexed() == 1


def test_a_process_that_died_is_waited_for_two_minutes(indexed, time_machine):
    make_headline(title="Zebra")
    first = updating.steps()
    assert updating._hold(uuid4())
    assert list(first) == []
    time_machine.move_to(timezone.now() + timedelta(minutes=2, seconds=1))
    assert indexed() == 1


def test_a_text_is_found_as_soon_as_it_is_saved(db, django_capture_on_commit_callbacks):
    headline = make_headline()
    with django_capture_on_commit_callbacks(execute=True):
        post = make_post(title="Zebra", tags=["stripes"])
    assert (found(Kind.POST, "zebra"), found(Kind.POST, "stripes")) == (["Zebra"], ["Zebra"])
    # What else waits is the worker's.
    assert waiting() == [(Kind.HEADLINE, headline.pk)]
    with django_capture_on_commit_callbacks(execute=True):
        post.delete()
    assert engine().get_index_for_model(Kind.POST.model).forget_lost() == 0


def test_a_save_does_not_wait_for_the_worker(db, django_capture_on_commit_callbacks):
    make_headline()
    with django_capture_on_commit_callbacks() as after:
        post = make_post(title="Zebra")
    worker = uuid4()
    assert updating._hold(worker)
    for callback in after:
        callback()
    assert (found(Kind.POST, "zebra"), (Kind.POST, post.pk) in waiting()) == ([], True)


def test_texts_come_before_headlines(indexed, monkeypatch):
    monkeypatch.setitem(updating.BATCH, Kind.HEADLINE, 1)
    make_headline()
    make_headline()
    steps = updating.steps()
    assert next(steps).kind == Kind.HEADLINE
    make_post()
    assert [step.kind for step in steps] == [Kind.POST, Kind.HEADLINE]


def test_the_command_tells_how_far_it_is(indexed, capsys):
    make_post(title="Zebra")
    make_headline()
    call_command("update_search")
    out = capsys.readouterr().out
    assert "rows wait" in out
    assert "left: 0 posts, 0 pages, 0 headlines" in out
    assert waiting() == []


def test_a_rebuild_puts_everything_in_anew_and_drops_what_is_lost(indexed, capsys):
    post, headline = make_post(title="Zebra"), make_headline(title="Zebra two")
    indexed()
    lost = engine().get_index_for_model(Kind.HEADLINE.model)
    document = Kind.HEADLINE.model.get_indexed_objects().get(pk=headline.pk).document()
    lost.insert([document._replace(pk=headline.pk + 1_000)])
    engine().get_index_for_model(Kind.POST.model).delete_keys([post.pk])
    call_command("update_search", rebuild=True)
    assert (found(Kind.POST, "zebra"), found(Kind.HEADLINE, "zebra")) == (["Zebra"], ["Zebra two"])
    assert lost.forget_lost() == 0


def test_migrate_fills_a_new_index_and_leaves_a_good_one_alone(indexed):
    post = make_post(title="Zebra")
    indexed()
    updating.prepare()
    assert waiting() == []
    Builder.objects.update(built="an older folding")
    updating.prepare()
    assert waiting() == [(Kind.POST, post.pk)]


def test_triggers_come_back_after_django_has_rebuilt_a_table(db):
    with connection.cursor() as cursor:
        on = " ON aggregator_headline" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER search_aggregator_headline_insert{on}")
    headline = make_headline()
    assert (Kind.HEADLINE, headline.pk) not in waiting()
    triggers.prepare()
    headline = make_headline()
    assert (Kind.HEADLINE, headline.pk) in waiting()


def _write_and_fail():
    with transaction.atomic():
        make_headline()
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_nothing_waits_for_what_was_rolled_back():
    before = waiting()
    with pytest.raises(ZeroDivisionError):
        _write_and_fail()
    assert waiting() == before
