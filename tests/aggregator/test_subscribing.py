"""Lists of feeds into the database and out again."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from aggregator.models import Feed
from aggregator.subscribing import Result, export_opml, import_opml
from tests.aggregator.keeping import NOW
from tests.factories import make_feed

pytestmark = pytest.mark.django_db


def listed(*outlines):
    return f"<opml><body>{''.join(outlines)}</body></opml>".encode()


def outline(url, text="T"):
    return f'<outline text="{text}" xmlUrl="{url}"/>'


def results(report):
    return [(line.outline.url, line.result) for line in report.lines]


def test_new_feeds_are_added_and_each_line_is_told():
    make_feed(url="https://known.example/feed", title="Ours")
    data = listed(
        outline("https://new.example/feed"),
        outline("https://known.example/feed", "Theirs"),
        outline("https://new.example/feed"),
        outline("javascript:alert(1)"),
        outline("file:///etc/passwd"),
        outline("https://me:secret@paid.example/feed"),
        outline("feed://old.example/feed"),
        outline("https://" + "x" * 3000),
    )
    report = import_opml(data, now=NOW)
    assert results(report)[:7] == [
        ("https://new.example/feed", Result.ADDED),
        ("https://known.example/feed", Result.KNOWN),
        ("https://new.example/feed", Result.TWICE),
        ("javascript:alert(1)", Result.REFUSED),
        ("file:///etc/passwd", Result.REFUSED),
        ("https://paid.example/feed", Result.ADDED),
        ("https://old.example/feed", Result.ADDED),
    ]
    assert report.lines[7].result == Result.REFUSED
    assert report.lines[5].note == "The name and password in it are left out."
    assert report.counts == [
        ("added", 3),
        ("known already", 1),
        ("in the list twice", 1),
        ("refused", 3),
    ]
    assert set(Feed.objects.values_list("url", "host", "title")) == {
        ("https://known.example/feed", "known.example", "Ours"),
        ("https://new.example/feed", "new.example", "T"),
        ("https://paid.example/feed", "paid.example", "T"),
        ("https://old.example/feed", "old.example", "T"),
    }


def test_a_trial_changes_nothing():
    report = import_opml(listed(outline("https://new.example/")), now=NOW, is_trial=True)
    assert report.count(Result.ADDED) == 1
    assert Feed.objects.count() == 0


def test_importing_again_adds_nothing():
    data = listed(outline("https://new.example/"))
    import_opml(data, now=NOW)
    assert results(import_opml(data, now=NOW)) == [("https://new.example/", Result.KNOWN)]
    assert Feed.objects.count() == 1


def test_a_known_feed_gets_the_lists_folder_only_if_it_has_none():
    unfiled = make_feed(url="https://a.example/")
    filed = make_feed(url="https://b.example/", folder="Ours")
    body = '<outline text="Theirs">{}{}</outline>'
    data = listed(body.format(outline("https://a.example/"), outline("https://b.example/")))
    import_opml(data, now=NOW)
    unfiled.refresh_from_db()
    filed.refresh_from_db()
    assert (unfiled.folder, filed.folder) == ("Theirs", "Ours")


def test_a_long_list_does_not_start_at_once():
    import_opml(listed(*(outline(f"https://h{n}.example/") for n in range(100))), now=NOW)
    starts = sorted(Feed.objects.values_list("next_poll_at", flat=True))
    assert (starts[0], starts[-1]) == (NOW, NOW + timedelta(seconds=19))


@pytest.mark.parametrize("feeds", [3, 400])
def test_a_list_costs_the_same_queries_at_any_length(feeds, django_assert_num_queries):
    data = listed(*(outline(f"https://h{n}.example/") for n in range(feeds)))
    with django_assert_num_queries(6):  # known ones, and two savepoints around one insert
        import_opml(data, now=NOW)


def test_what_goes_out_comes_in_again():
    make_feed(url="https://me:secret@a.example/f", title="A & B", folder="F / G")
    make_feed(url="https://b.example/f", title="", site_url="https://b.example/")
    data = export_opml(title="Ours", now=NOW)
    assert b"secret" not in data
    before = set(Feed.objects.values_list("title", "folder", "site_url"))
    Feed.objects.all().delete()
    import_opml(data, now=NOW)
    after = set(Feed.objects.values_list("title", "folder", "site_url"))
    assert ("A & B", "F / G", "") in before & after
    assert set(Feed.objects.values_list("url", flat=True)) == {
        "https://a.example/f",
        "https://b.example/f",
    }


def test_the_commands_bring_a_list_in_and_out(tmp_path, capsys):
    path = tmp_path / "feeds.opml"
    path.write_bytes(listed(outline("https://new.example/"), outline("ftp://old.example/")))
    call_command("import_opml", path, "--dry-run")
    assert Feed.objects.count() == 0
    call_command("import_opml", path)
    assert capsys.readouterr().out.splitlines()[-1] == "1 added, 1 refused"
    call_command("export_opml", tmp_path / "out.opml")
    assert b"https://new.example/" in (tmp_path / "out.opml").read_bytes()
    call_command("export_opml")
    assert "https://new.example/" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"<html/>", None])
def test_the_command_says_what_is_wrong_with_the_file(tmp_path, content):
    path = tmp_path / "feeds.opml"
    if content:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=r"feeds\.opml"):
        call_command("import_opml", path)
