"""The source watch in the newsroom."""

import pytest
from django.urls import reverse

from aggregator.models import HeadlineVersion, SourceWatch
from blog.models import AuditEntry
from tests.aggregator.keeping import NOW
from tests.factories import make_collection, make_editor, make_headline, make_member, make_pick

pytestmark = pytest.mark.django_db
LIST = reverse("admin:aggregator_pick_watch")


@pytest.fixture
def editor(client):
    client.force_login(make_member("editor"))
    return client


def retitled(**fields):
    headline = make_headline(title="Minister resigns today", language="en")
    HeadlineVersion.objects.create(headline=headline, title="Minister stays", replaced_at=NOW)
    make_pick(headline=headline, collection=make_collection(title="Selected"), **fields)
    return SourceWatch.objects.create(
        headline=headline, title="Minister stays", retitled_at=NOW, asks_at=NOW, next_at=NOW
    )


def dead(**fields):
    headline = make_headline(title="A lost article")
    make_pick(headline=headline)
    told = {"state": "dead", "status": 404, "error": "There is nothing at this address (404)."}
    return SourceWatch.objects.create(
        headline=headline, title=headline.title, asks_at=NOW, next_at=NOW, **told | fields
    )


def pick_of(watch):
    return watch.headline.picks.get()


def settle(client, watch, choice, **fields):
    fields = {f"seen-{watch.pk}": watch.headline.title} | fields
    address = reverse("admin:aggregator_pick_settle", args=[pick_of(watch).pk])
    response = client.post(address, {"choice": choice} | fields, follow=True)
    watch.refresh_from_db()
    return response


def test_the_list_marks_the_words_that_changed(editor):
    retitled()
    page = editor.get(LIST).text
    assert "Minister <del>stays</del>" in page
    assert "Minister <ins>resigns today</ins>" in page
    assert 'value="keep"' in page
    assert 'value="archive"' not in page


def test_the_list_tells_of_dead_links_and_suggests_the_archive(editor):
    watch = dead()
    page = editor.get(LIST).text
    assert "There is nothing at this address (404)." in page
    copy = f"https://web.archive.org/web/20260101120000/{watch.headline.url}"
    assert f'<a href="{copy}" rel="noopener noreferrer" target="_blank">' in page
    assert 'value="archive"' in page


def test_a_hostile_title_is_only_text(editor):
    watch = retitled()
    watch.headline.title = "<script>alert(1)</script>"
    watch.headline.save()
    page = editor.get(LIST).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page or "&lt;</ins>" in page


def test_one_click_settles_and_is_kept_in_the_audit(editor):
    watch = retitled()
    page = settle(editor, watch, "keep").text
    assert (watch.asks_at, pick_of(watch).shown_title) == (None, "Minister stays")
    assert "The outlet’s former headline stays." in page
    assert "Nothing asks for a decision." in page
    assert AuditEntry.objects.filter(object_name="Minister resigns today").count() == 1


def test_a_dead_link_leads_readers_to_the_archive(editor, client):
    watch = dead()
    settle(editor, watch, "archive")
    pick = pick_of(watch)
    assert pick.archived_url == watch.archived_url
    assert pick.archived_url in client.get(pick.collection.get_absolute_url()).text


def test_what_changed_once_more_is_not_settled(editor):
    watch = retitled(title="Ours")
    page = settle(editor, watch, "take", **{f"seen-{watch.pk}": "Another"}).text
    assert "once more" in page
    assert (watch.asks_at, pick_of(watch).title) == (NOW, "Ours")


@pytest.mark.parametrize("choice", ["archive", "nonsense", ""])
def test_only_what_is_offered_is_done(editor, choice):
    watch = retitled()
    assert "decided already" in settle(editor, watch, choice).text
    assert (watch.asks_at, pick_of(watch).archived_url) == (NOW, "")


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [("/admin/", "/admin/"), ("https://evil.example/", LIST), ("//evil", LIST)],
)
def test_the_way_back_leads_nowhere_else(editor, back, leads_to):
    response = settle(editor, retitled(), "seen", back=back)
    assert response.redirect_chain[0][0] == leads_to


def test_who_may_not_change_picks_settles_nothing(client):
    watch = retitled()
    client.force_login(make_member("author"))
    settle(client, watch, "keep")
    assert (watch.asks_at, pick_of(watch).title) == (NOW, "")


@pytest.mark.parametrize("kind", ["pick", "headline"])
def test_pages_of_picks_and_headlines_show_their_source(editor, kind):
    watch = retitled()
    row = pick_of(watch) if kind == "pick" else watch.headline
    page = editor.get(reverse(f"admin:aggregator_{kind}_change", args=[row.pk])).text
    assert "Minister <del>stays</del>" in page
    assert "Former headlines" in page
    assert (
        f'formaction="{reverse("admin:aggregator_pick_settle", args=[pick_of(watch).pk])}"' in page
    )


def test_a_new_pick_has_no_source_yet(editor):
    page = editor.get(reverse("admin:aggregator_pick_add")).text
    assert "former_title" not in page


def test_the_newsroom_shows_what_asks(editor):
    retitled()
    dead()
    page = editor.get(reverse("admin:index")).text
    assert "headline changed" in page
    assert page.count(f'href="{LIST}#source-') == 2


def test_progress_is_told(editor):
    dead(looked_at=NOW)
    page = editor.get(LIST).text
    assert "<dt>Watched sources</dt><dd>1</dd>" in page


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_so_many_queries(client, django_assert_num_queries, count):
    client.force_login(make_editor())
    for _ in range(count):
        retitled()
    client.get(LIST)
    with django_assert_num_queries(12):
        assert client.get(LIST).text.count('class="watch"') == count
