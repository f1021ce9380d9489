"""Which outlets a collection is made of, and when one has too much of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from aggregator.balance import Share, of_collection, span_of
from blog.models import SiteSettings
from tests.factories import make_collection, make_editor, make_headline, make_pick
from tests.plans import plan_of

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def pick(collection, outlet, hours, **fields):
    headline = make_headline(outlet=outlet)
    at = NOW - timedelta(hours=hours)
    return make_pick(collection=collection, headline=headline, placed_at=at, **fields)


def test_shares_are_of_all_and_the_largest_come_first():
    span = span_of("a day", ["b", "a", "a", "", "a"], limit=60, fewest=5)
    assert span.shares == [
        Share("a", 3, 60),
        Share("b", 1, 20),
        Share("without an outlet", 1, 20),
    ]
    assert (span.total, span.others, span.heavy) == (5, 0, None)


@pytest.mark.parametrize(
    ("outlets", "limit", "fewest", "is_heavy"),
    [
        ("aabbc", 40, 5, False),  # 40 % is not more than 40 %
        ("aaabb", 40, 5, True),
        ("aaabb", 40, 6, False),  # too few to speak of
        ("aaaaa", 0, 1, False),  # switched off
        ("aaaaa", 100, 1, False),
        ("", 40, 0, False),
    ],
)
def test_an_outlet_is_heavy_above_the_limit(outlets, limit, fewest, is_heavy):
    span = span_of("a day", outlets, limit=limit, fewest=fewest)
    assert (span.heavy is not None) is is_heavy


def test_few_outlets_are_named_and_the_rest_counted():
    span = span_of("a day", [*"aabbccddeefg"], limit=40, fewest=5)
    assert [share.outlet for share in span.shares] == ["a", "b", "c", "d", "e"]
    assert span.others == 2


def test_bar_has_each_share_beside_the_one_before():
    bar = span_of("a day", "aaab", limit=40, fewest=1).bar
    assert '<rect class="share-1 is-heavy" x="0.00" width="75.00" height="6"/>' in bar
    assert '<rect class="share-2" x="75.00" width="25.00" height="6"/>' in bar
    assert "rect" not in span_of("a day", "", limit=40, fewest=1).bar


@pytest.mark.django_db
def test_collection_is_balanced_over_a_day_and_a_week():
    collection = make_collection(title="Selected Articles", is_public=False)
    for outlet, hours in [("a", 1), ("b", 23), ("a", 25), ("c", 167)]:
        pick(collection, f"{outlet}.example", hours)
    pick(collection, "old.example", 169)
    pick(collection, "gone.example", 1, withdrawn_at=NOW)
    pick(collection, "over.example", 1, until=NOW - timedelta(minutes=1))
    pick(make_collection(), "elsewhere.example", 1)
    balance = of_collection(collection, now=NOW, site=SiteSettings(outlet_share_from=4))
    assert [span.name for span in balance.spans] == ["24 hours", "7 days"]
    assert [(one.outlet, one.count) for one in balance.spans[0].shares] == [
        ("a.example", 1),
        ("b.example", 1),
    ]
    assert [(one.outlet, one.percent) for one in balance.spans[1].shares] == [
        ("a.example", 50),
        ("b.example", 25),
        ("c.example", 25),
    ]
    assert [span.name for span in balance.warnings] == ["7 days"]


@pytest.mark.django_db
@pytest.mark.parametrize("picks", [1, 30])
def test_balance_is_one_query_through_the_index(django_assert_num_queries, picks):
    collection = make_collection()
    for number in range(picks):
        pick(collection, "a.example", number)
    with django_assert_num_queries(1) as queries:
        of_collection(collection, now=NOW, site=SiteSettings())
    assert "pick_newest_of" in plan_of(queries[0])


@pytest.mark.django_db
def test_line_for_the_desk_says_the_outlets_and_warns_in_words():
    collection = make_collection(title="Links & <b>more</b>")
    for number in range(5):
        pick(collection, "<i>a.example</i>", number)
    balance = of_collection(collection, now=NOW, site=SiteSettings())
    page = render_to_string("admin/aggregator/_balance.html", {"balance": balance})
    assert "&lt;i&gt;a.example&lt;/i&gt; 100 %" in page
    assert "of “Links &amp; &lt;b&gt;more&lt;/b&gt;” (24 hours): more than 40 % are of one" in page
    assert "<i>" not in page
    empty = of_collection(make_collection(), now=NOW, site=SiteSettings())
    page = render_to_string("admin/aggregator/_balance.html", {"balance": empty})
    assert "<p" not in page


@pytest.mark.django_db
def test_page_of_a_collection_shows_what_it_is_made_of(client, time_machine):
    time_machine.move_to(NOW)
    SiteSettings(outlet_share=50).save()
    client.force_login(make_editor())
    collection = make_collection(title="Links")
    for number in range(6):
        pick(collection, "a.example" if number < 4 else "b.example", number)
    page = client.get(reverse("admin:aggregator_collection_change", args=[collection.pk])).text
    assert "<strong>a.example has 67 %</strong> of “Links” (24 hours): more than 50 %" in page
    assert '<span class="balance-key share-2" aria-hidden="true"></span>b.example</th>' in page
    assert client.get(reverse("admin:aggregator_collection_add")).status_code == 200
