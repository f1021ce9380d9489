"""add_feed and poll_feeds, as somebody types them."""

import io
import socket
import threading

import pytest
from django.core.management import CommandError, call_command

from aggregator.models import Feed, Headline
from blog.models import SiteSettings
from tests.aggregator.serving import Answer, rss
from tests.factories import make_collection, make_feed

pytestmark = pytest.mark.django_db


def run(*arguments):
    output, errors = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=output, stderr=errors, no_color=True)
    finally:
        run.errors = errors.getvalue()
    return output.getvalue()


def test_add_feed_says_what_is_new_and_what_was_there():
    make_feed(url="https://known.example/rss")
    collection = make_collection(title="Selected Articles")
    assert run(
        *("add_feed", "https://new.example/rss", "https://known.example/rss"),
        *("--collection", "selected-articles", "--title", "News"),
    ) == ("added  https://new.example/rss\nknown  https://known.example/rss\n")
    new = Feed.objects.get(url="https://new.example/rss")
    assert (new.collection, new.title) == (collection, "News")
    assert Feed.objects.count() == 2


def test_a_bad_address_has_one_clear_line_and_the_rest_goes_on():
    with pytest.raises(CommandError) as caught:
        run("add_feed", "ftp://bad.example/", "https://good.example/")
    assert str(caught.value) == "1 of 2 could not be added."
    assert run.errors == "bad    ftp://bad.example/: Enter a valid URL.\n"
    assert [feed.url for feed in Feed.objects.all()] == ["https://good.example/"]


def test_an_unknown_collection_is_named_with_those_that_exist():
    make_collection(title="Links")
    with pytest.raises(CommandError) as caught:
        run("add_feed", "https://good.example/", "--collection", "lynx")
    assert str(caught.value) == "There is no collection “lynx”. There are: links."
    assert Feed.objects.count() == 0


def test_poll_feeds_tells_of_each_feed_and_sums_up(server, settings, capsys):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    settings.FETCH_HOST_GAP_S = 0
    server.answers = {"/good": Answer(rss("A", "B")), "/bad": Answer(status=404)}
    make_feed(url=server.url("/good"))
    make_feed(url=server.url("/bad"))
    lines = [line.strip() for line in run("poll_feeds").splitlines()]
    # Each line starts with the seconds it took.
    told = sorted(line.partition(" s  ")[2] or line for line in lines[:-1])
    assert told == [
        "There is nothing at this address (404).",
        f"failed  {server.url('/bad')}",
        f"new content: 2 new, 0 changed  {server.url('/good')}",
    ]
    assert lines[-1] == ("2 polled: 2 new headlines, 0 changed; 0 feeds without news, 1 failed")
    assert Headline.objects.count() == 2
    assert server.asked[0].headers["User-Agent"] == (
        "TheNewsAndTimes/0.1 (+http://testserver/about/fetcher)"
    )


def test_polling_after_a_port_begins_when_somebody_listens(server, settings):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    server.answers = {"/good": Answer(rss("A"))}
    make_feed(url=server.url("/good"))
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        asked_while_shut = []

        def open_the_door():
            asked_while_shut.extend(server.asked)
            door.listen()

        opening = threading.Timer(0.5, open_the_door)
        opening.start()
        assert "1 polled" in run("poll_feeds", "--after", str(door.getsockname()[1]))
        opening.join()
    assert (asked_while_shut, len(server.asked)) == ([], 1)


def test_what_goes_wrong_is_put_down_in_the_sites_language(server, settings):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    SiteSettings.objects.create(language="uk")
    server.answers = {"/bad": Answer(status=404)}
    make_feed(url=server.url("/bad"))
    assert "За цією адресою нічого немає (404)." in run("poll_feeds")
    assert Feed.objects.get().last_error == "За цією адресою нічого немає (404)."


def test_poll_feeds_refuses_loopback_unless_the_setting_opens_it(server):
    server.answers["/feed"] = Answer(rss("Secret"))
    make_feed(url=server.url())
    assert "which is not on the public internet." in run("poll_feeds")
    assert server.asked == []
    assert Headline.objects.count() == 0
