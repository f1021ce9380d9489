"""The generation of what readers see: what moves it, and what does not."""

import pytest
from django.db import transaction
from django.utils import timezone

from aggregator.collecting import place_new
from aggregator.models import Feed, Headline, Pick
from blog import changes
from blog.models import AuditEntry, Category, NavLink, Post, SiteSettings, Writing
from tests.factories import (
    make_author,
    make_category,
    make_collection,
    make_headline,
    make_pick,
    make_post,
    make_subscriber,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen():
    """Something of everything that readers see."""
    post = make_post(authors=[make_author()], tags=["Old"])
    pick = make_pick(headline=make_headline())
    NavLink.objects.create(label="Links", target="/links/")
    return post, pick


@pytest.mark.parametrize(
    "act",
    [
        lambda post, _: post.save(),
        lambda post, _: Post.objects.filter(pk=post.pk).update(title="New"),
        lambda post, _: Post.objects.bulk_update([post], ["title"]),
        lambda post, _: post.authors.add(make_author()),
        lambda post, _: post.authors.clear(),
        lambda post, _: post.categories.add(make_category()),
        lambda post, _: post.tags.add("New"),
        lambda post, _: post.delete(),
        lambda post, _: Category.objects.update(name="New"),
        lambda _post, _: NavLink.objects.update(label="New"),
        lambda _post, _: SiteSettings(title="New").save(),
        lambda _, pick: pick.delete(),
        lambda _, pick: Pick.objects.filter(pk=pick.pk).update(withdrawn_at=timezone.now()),
        lambda _, pick: Headline.objects.filter(pk=pick.headline_id).update(is_hidden=True),
        lambda _, pick: pick.headline.save(),
        lambda _, pick: Feed.objects.filter(pk=pick.headline.feed_id).update(title="New"),
        lambda _post, _: make_collection(),
    ],
)
def test_generation_moves_with_every_write_that_readers_see(seen, moves, act):
    assert moves(lambda: act(*seen)) > 0


@pytest.mark.parametrize(
    "act",
    [
        lambda post, _: list(Post.objects.filter(pk=post.pk)),
        lambda _post, _: make_user(),
        lambda _post, _: make_subscriber(),
        lambda _post, _: AuditEntry.objects.create(kind="changed"),
        lambda _post, _: Writing.objects.update(typed_at=None),
        lambda _, pick: Feed.objects.filter(pk=pick.headline.feed_id).update(failures=3),
        lambda _, pick: Headline.objects.filter(pk=pick.headline_id).update(summary="New"),
    ],
)
def test_generation_stays_where_readers_see_nothing_of_it(seen, moves, act):
    assert moves(lambda: act(*seen)) == 0


def test_generation_stays_for_what_the_poller_places_by_itself(moves):
    headline, collection = make_headline(), make_collection()
    assert moves(lambda: place_new([headline], collection_id=collection.pk)) == 0
    assert Pick.objects.get().headline == headline


@pytest.mark.django_db(transaction=True)
def test_generation_moves_once_a_transaction_and_after_it():
    post = make_post()
    before = changes.generation()
    with transaction.atomic():
        post.save()
        post.tags.add("One", "Two")
        assert changes.generation() == before
    assert changes.generation() == before + 1


def test_generation_stays_where_the_transaction_comes_to_nothing(moves):
    post = make_post()

    def save_in_vain():
        with transaction.atomic():
            post.save()
            transaction.set_rollback(True)

    assert moves(save_in_vain) == 0


def test_generation_moves_where_only_an_inner_part_comes_to_nothing(moves):
    post, other = make_post(), make_post()

    def half():
        with transaction.atomic():
            with transaction.atomic():
                post.save()
                transaction.set_rollback(True)
            other.save()

    assert moves(half) == 1


def test_generation_is_read_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        changes.generation()
