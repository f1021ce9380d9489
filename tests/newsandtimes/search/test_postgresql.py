"""How PostgreSQL goes about searching: what it reads, and that it finds the same in any way."""

from itertools import cycle, permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Post
from newsandtimes.search import finding
from newsandtimes.search.documents import Document
from newsandtimes.search.engine import engine
from newsandtimes.search.finding import Wanted
from newsandtimes.search.models import Kind
from newsandtimes.search.query import parse
from tests.factories import make_headline, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LONG = 20_000
WORDS = "harbour night boats lights water bridge".split()
WAYS = {
    "as it likes": (),
    "by the words": ("indexscan", "seqscan"),
    "by date": ("bitmapscan", "seqscan"),
    "row by row": ("bitmapscan", "indexscan"),
}


def found_for(typed, **wanted):
    return finding.find(parse(typed), Wanted(**wanted), now=timezone.now())


def go(way):
    """Have PostgreSQL search in a way, wherever there is another one."""
    with connection.cursor() as cursor:
        for kind in WAYS[way]:
            cursor.execute(f"SET LOCAL enable_{kind} = off")


def plan_for(typed):
    """Return how posts are looked up, newest first."""
    with CaptureQueriesContext(connection) as queries:
        found_for(typed, kinds=[Kind.POST], is_newest_first=True)
    (query,) = (one["sql"] for one in queries if "tsquery" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.fixture
def long_index(db):
    """Return a long index of texts, in which "often" stands in each, "seldom" in 20."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_post (id, at, words) "
            "SELECT n, now() - n * interval '1 hour', "
            "(CASE WHEN n %% 1000 = 0 THEN '''seldom'' ' ELSE '' END || '''often'' ''w' "
            "|| n || '''')::tsvector FROM generate_series(1, %s) n",
            [LONG],
        )


def test_few_rows_that_were_found_are_asked_by_their_keys_whatever_it_reckons(indexed):
    make_post(title="Harbour at night")
    indexed()
    plan = plan_for("harbour")
    assert "SubPlan" in plan
    assert "Join" not in plan


def test_rare_words_are_looked_up_and_frequent_ones_walked_to(long_index):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_post")
    for typed in ("seldom", "nowhere", "often seldom", '"often seldom"', "seldom -nowhere"):
        assert "Bitmap Index Scan on search_post_words" in plan_for(typed), typed
    assert "Index Scan using search_post_newest" in plan_for("often")


def test_rare_words_are_looked_up_before_there_are_any_statistics(long_index):
    with connection.cursor() as cursor:
        # Whatever a test before this one has left.
        cursor.execute(
            "UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE relname = 'search_post'"
        )
    assert "Bitmap Index Scan on search_post_words" in plan_for("seldom")


def test_all_new_words_are_in_the_index_and_frequent_ones_are_known(indexed):
    with connection.cursor() as cursor:
        for kind in Kind:
            index = engine().get_index_for_model(kind.model)
            table = index.table
            # As an older release left it.
            cursor.execute(f'ALTER INDEX "{table}_words" SET (fastupdate = on)')
            cursor.execute(f'ALTER TABLE "{table}" ALTER words SET STATISTICS -1')
            index.insert([Document(9, timezone.now(), ["harbour"], [], [], [])])
            assert index.prepare() is False
            cursor.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [f"{table}_words"])
            assert "fastupdate=off" in cursor.fetchone()[0]
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [f"{table}_words"])
            assert cursor.fetchone() == (0,)
            cursor.execute(
                "SELECT count(*) FROM pg_stats WHERE tablename = %s AND attname = 'words'", [table]
            )
            assert cursor.fetchone() == (1,)


def test_the_query_is_not_compiled(db):
    assert engine().rows_of("SELECT current_setting('jit')", []) == [("off",)]


def test_the_index_is_asked_again_only_for_what_the_wider_place_does_not_tell(indexed):
    for number in range(30):
        make_post(title=f"Harbour {number}", body="<p>Boats.</p>")
    make_post(title="Night", body="<p>Lights.</p>")
    indexed()
    # Many in texts alone have the next place asked, in which there are none; few or none nothing.
    for typed, asked in (("harbour", 1), ("boats", 2), ("lights", 1), ("bridge", 1)):
        with CaptureQueriesContext(connection) as queries:
            found_for(typed, kinds=[Kind.POST])
        (query,) = (one["sql"] for one in queries if "tsquery" in one["sql"])
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE) {query}")
            plan = [line for (line,) in cursor.fetchall() if " on search_post w" in line]
        assert len(plan) == 3
        assert len([line for line in plan if "never executed" not in line]) == asked, typed


@pytest.mark.parametrize("way", WAYS)
def test_old_titles_are_found_behind_many_new_texts(indexed, way):
    old = [make_post(title=f"Harbour {number}") for number in range(3)]
    for number in range(130):
        make_post(title=f"News {number}", body="<p>A harbour.</p>")
    Post.objects.filter(pk__in=[post.pk for post in old]).update(published_at="2020-01-01T00:00Z")
    indexed()
    go(way)
    found = found_for("harbour", kinds=[Kind.POST])
    assert {one.row.pk for one in found.rows[:3]} == {post.pk for post in old}
    assert len(found.rows) == 20


@pytest.mark.parametrize("way", WAYS)
def test_it_finds_the_same_in_any_way(indexed, way):
    told = (" ".join(words) for words in cycle(permutations(WORDS, 3)))
    posts = [make_post(title=next(told), body=f"<p>{next(told)}</p>") for _ in range(60)]
    for number in range(60):
        make_headline(title=next(told), is_hidden=number % 7 == 0)
    indexed()
    # The index need not know yet.
    Post.objects.filter(pk__in=[post.pk for post in posts[::5]]).update(status="withdrawn")
    go(way)
    for typed in ("harbour", "harbour night", '"harbour night"', "harbour -night", "boats -lights"):
        expected = []
        wanted, unwanted = parse(typed).wanted, [c for c in parse(typed).clauses if c.is_excluded]
        for post in Post.objects.published():
            words = f" {post.title} | {post.body[3:-4]} "
            if all(f" {c.typed.strip(chr(34))} " in words for c in wanted) and not any(
                f" {c.typed[1:]} " in words for c in unwanted
            ):
                expected.append(post.pk)
        pages = [found_for(typed, kinds=[Kind.POST], number=number) for number in (1, 2, 3)]
        found = [one.row.pk for page in pages for one in page.rows]
        assert 0 < len(expected) < 48, typed
        assert sorted(found) == sorted(expected), typed
        assert len(found) == len(set(found))
