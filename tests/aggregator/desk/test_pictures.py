"""Pictures beside the rows of the Desk."""

import pytest
from django.urls import reverse
from django.utils import timezone

from aggregator.models import Thumbnail
from aggregator.thumbnails import fetching
from tests.aggregator.serving import Answer
from tests.aggregator.sidework import do_all
from tests.factories import make_headline, make_member
from tests.pictures import drawn, fetched, saved

pytestmark = pytest.mark.django_db
ADDRESS = reverse("admin:desk_pictures")


@pytest.fixture
def editor(client):
    client.force_login(make_member("editor"))
    return client


def ask(client, *headlines):
    return client.post(ADDRESS, {"headline": [one.pk for one in headlines]}).json()


def test_pictures_come_once_they_were_asked_for(editor, server, media_folder):
    server.answers["/a.jpg"] = Answer(saved(drawn((900, 600)), "JPEG"))
    one, none = make_headline(image_url=server.url("/a.jpg")), make_headline()
    assert ask(editor, one, none) == {"pictures": {}, "coming": [one.pk]}
    do_all(fetching)
    answer = ask(editor, one, none)
    assert answer["coming"] == []
    picture = answer["pictures"][str(one.pk)]
    assert (picture["width"], picture["height"]) == (320, 213)
    assert fetched(editor, picture["src"])[8:12] == b"WEBP"


def test_what_is_not_to_be_had_is_not_waited_for(editor, server, media_folder):
    one = make_headline(image_url=server.url("/gone.jpg"))
    ask(editor, one)
    do_all(fetching)
    assert ask(editor, one) == {"pictures": {}, "coming": []}
    assert len(server.asked) == 1


def test_no_article_is_looked_at_for_the_desk(editor):
    ask(editor, make_headline(url="https://a.example/article"))
    assert Thumbnail.objects.count() == 0


def test_nonsense_is_passed_over(editor):
    answer = editor.post(ADDRESS, {"headline": ["x", "", "-1", "9" * 30, "²"]}).json()
    assert answer == {"pictures": {}, "coming": []}


def test_a_visit_changes_nothing(editor):
    make_headline(image_url="https://a.example/a.jpg")
    assert editor.get(ADDRESS).status_code == 405
    assert Thumbnail.objects.count() == 0


@pytest.mark.parametrize("count", [1, 30])
def test_pictures_take_so_many_queries(editor, django_assert_num_queries, count):
    headlines = [make_headline(image_url=f"https://a.example/{n}.jpg") for n in range(count)]
    ask(editor, *headlines)
    Thumbnail.objects.update(
        state="ready",
        width=300,
        height=200,
        made={"small": {"webp": [[160, "a.webp"]]}},
        kept_until=timezone.now(),
    )
    with django_assert_num_queries(7):
        assert len(ask(editor, *headlines)["pictures"]) == count
