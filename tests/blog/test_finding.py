"""Finding rows by their words."""

import pytest
from django.core.management import call_command
from django.db import connection

from blog import finding
from blog.models import Post
from tests.factories import make_author, make_category, make_headline, make_post

pytestmark = pytest.mark.django_db


def found(text, **options):
    rows = finding.find(Post.objects.order_by("id"), text, **options)
    return list(rows.values_list("title", flat=True))


@pytest.mark.parametrize(
    "text",
    ["київ", "КИЇВ", "Київ", "київ мос", "Мости КИЇВ", "“київ”!", "перемир’я", "перемир"],
)
def test_rows_are_found_by_how_their_words_begin_in_any_case(text):
    make_post(title="Київські мости й перемир’я")
    make_post(title="Another Kyiv story")
    assert found(text) == ["Київські мости й перемир’я"]


@pytest.mark.parametrize("text", ["", "  ", "…!", "їв", "иївські", "київ kyiv", 'київ" OR "kyiv'])
def test_other_words_and_middles_of_words_find_nothing(text):
    make_post(title="Київські мости")
    make_post(title="Another Kyiv story")
    assert found(text) == []


@pytest.mark.parametrize("text", ['a" OR *', "NEAR(a b)", "%' OR 1=1 --", "a:*|b & !c", "\\", "'"])
def test_signs_of_the_query_languages_mean_nothing(text):
    make_post(title="Quite another title")
    assert found(text) == []


def test_a_letter_alone_is_a_word_and_no_beginning():
    make_post(title="В доме")
    make_post(title="Вокзал")
    assert found("в") == ["В доме"]


def test_index_follows_changes_and_deletions():
    post = make_post(title="One thing")
    post.title = "Another matter"
    post.save()
    assert (found("thing"), found("matter")) == ([], ["Another matter"])
    Post.objects.filter(pk=post.pk).update(title="A third subject")
    assert (found("matter"), found("subject")) == ([], ["A third subject"])
    post.delete()
    assert found("subject") == []


def test_of_many_matches_the_newest_are_found():
    category = make_category()
    for number in range(5):
        make_post(title=f"Bridge {number}", category=category)
    assert found("bridge", most=2) == ["Bridge 3", "Bridge 4"]


def test_of_many_matches_those_with_the_word_itself_come_before_its_beginnings():
    for title in ("Bridge one", "Bridge two", "Bridges three", "Bridges four"):
        make_post(title=title)
    assert found("bridge", most=2) == ["Bridge one", "Bridge two"]
    assert found("bridge", most=3) == ["Bridge one", "Bridge two", "Bridges three", "Bridges four"]
    assert found("bridg", most=1) == ["Bridges four"]


def test_parts_of_a_host_are_words():
    headline = make_headline(title="T", outlet="www.wall-street.example")
    for text in ("street", "wall-street.example", "example"):
        assert list(finding.find(type(headline).objects.all(), text)) == [headline]


@pytest.mark.django_db(transaction=True)
def test_an_index_that_was_taken_away_is_made_anew_by_migrate():
    author = make_author(name="Леся Українка")
    rows = type(author).objects.all()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # what Django does when it rebuilds the table
            cursor.execute("DROP TRIGGER blog_author_words_update")
        else:
            cursor.execute("DROP INDEX blog_author_words")
    rows.update(name="Іван Франко")
    call_command("migrate", verbosity=0)
    assert list(finding.find(rows, "франко")) == [author]
    assert list(finding.find(rows, "леся")) == []


def test_search_is_an_index_search(is_postgres):
    make_post(title="A bridge")
    query, params = finding.find(Post.objects.order_by(), "bridge").query.sql_with_params()
    with connection.cursor() as cursor:
        if is_postgres:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute(f"EXPLAIN {'' if is_postgres else 'QUERY PLAN'} {query}", params)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "blog_post_words" in plan
    if not is_postgres:
        assert "SCAN blog_post\n" not in plan + "\n"
