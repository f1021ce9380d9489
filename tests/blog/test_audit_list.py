"""The audit as administrators read it: listed, filtered, taken away as a table, never changed."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from blog import audit
from blog.models import AuditEntry
from tests.factories import (
    make_category,
    make_image,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/blog/auditentry/"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def entries(boss):
    """A few deeds on different days; ``boss`` may look at them."""
    ada, post = make_user(username="ada"), make_post(title="Kept")
    made = [
        audit.record(audit.Kind.CHANGED, by=ada, obj=post, words="first"),
        audit.record(audit.Kind.PUBLISHED, by=boss, obj=post, words="second"),
        audit.record(audit.Kind.ADDED, by=ada, obj=make_image(alt="A road"), words="third"),
    ]
    for days, entry in enumerate(made):
        AuditEntry.objects.filter(pk=entry.pk).update(at=NOON + timedelta(days=days))
    return post


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "third second first"),
        ("who=ada", "third first"),
        ("who=nobody", ""),
        ("kind__exact=published", "second"),
        ("since=2026-11-25", "third second"),
        ("until=2026-11-25", "second first"),
        ("since=2026-11-25&until=2026-11-25", "second"),
        ("since=nonsense", "third second first"),
        ("since=0000-99-99&until=9999-12-31", "third second first"),
        ("q=road", "third"),
        ("q=ada&kind__exact=changed", "first"),
        ("model={post}", "second first"),
        ("model={post}&object_id__exact={pk}", "second first"),
        ("model=99999999", ""),
        ("model=x", "third second first"),
    ],
)
def test_filters_and_search_hold_for_the_list_and_for_the_table(client, entries, query, expected):
    query = query.format(post=AuditEntry.objects.get(words="first").content_type_id, pk=entries.pk)
    page = client.get(f"{LIST}?{query}")
    assert [entry.words for entry in page.context["cl"].result_list] == expected.split()
    response = client.get(f"{LIST}export/?{query}")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [row[-1] for row in rows[1:]] == expected.split()
    assert rows[0][:3] == ["when (UTC)", "who", "what"]


def test_table_holds_nothing_that_a_spreadsheet_would_run(client, boss):
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0"]
    for name in evil:
        audit.record(audit.Kind.CHANGED, by=None, name=name, obj=make_category(name=name))
    text = client.get(f"{LIST}export/").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert sorted(row[1] for row in rows) == sorted(f"'{name}" for name in evil)
    assert not [cell for row in rows for cell in row if cell.lstrip(" \t")[:1] in set("=+-@")]


def test_nobody_changes_the_audit(client, entries):
    entry = AuditEntry.objects.get(words="first")
    before = list(AuditEntry.objects.values())
    for path in (f"{LIST}add/", f"{LIST}{entry.pk}/change/", f"{LIST}{entry.pk}/delete/"):
        assert client.post(path, {"post": "yes", "words": "x"}).status_code == 403
    delete = {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"}
    client.post(LIST, delete | {"index": 0})
    assert list(AuditEntry.objects.values()) == before
    assert b"first" in client.get(f"{LIST}{entry.pk}/change/").content


def test_what_is_shown_is_escaped(client, boss):
    audit.record(
        audit.Kind.CHANGED,
        by=boss,
        obj=make_category(name="<script>a"),
        changes=[{"field": "name", "old": "<script>b", "new": "<script>c"}],
        words="<script>d",
    )
    assert b"<script>a" not in client.get(LIST).content
    assert client.get(LIST).content.count(b"&lt;script&gt;") >= 4


@pytest.mark.parametrize("rows", [1, 30])
def test_list_costs_the_same_for_any_number(client, boss, rows, django_assert_num_queries):
    for _ in range(rows):
        audit.record(audit.Kind.CHANGED, by=make_user(), obj=make_category())
    client.get(LIST)  # what is remembered of content types
    with django_assert_num_queries(5):
        response = client.get(LIST)
    assert len(response.context["cl"].result_list) == rows


def test_history_of_an_object_says_who_changed_what(client, boss):
    image = make_image(alt="Old words")
    client.post(
        reverse("admin:blog_image_change", args=[image.pk]), {"alt": "New words", "credit": "Ada"}
    )
    page = client.get(reverse("admin:blog_image_history", args=[image.pk]))
    assert [entry.changed_labels for entry in page.context["entries"]] == [
        ["alternative text", "credit"]
    ]
    assert b"boss" in page.content
