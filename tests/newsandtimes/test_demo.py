"""Loading the demo, as its command does."""

from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.db.models.signals import post_save
from django.utils import timezone

from aggregator.models import Collection, Feed
from blog.models import Author, Category, Image, NavLink, Page, Post, SiteSettings, Tag
from newsandtimes.demo import content
from newsandtimes.demo.made import Made, manifest_path
from tests.factories import make_headline, make_post
from tests.newsandtimes.demo import EVERY_FILE, counts, everything, files, media_files, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_folder")]

PICTURES = 9
FEEDS = 15


def test_load_makes_posts_of_every_kind_and_language(demo_folder):
    output = run()

    shown = Post.objects.published()
    assert output.startswith(
        "Loaded the demo: 19 posts (one scheduled, one a draft), 9 pictures, "
        "15 feeds, 7 of them in trouble on purpose.\n"
    )
    assert shown.count() == 17
    assert {kind: shown.filter(kind=kind).count() for kind in Post.Kind.values} == {
        "article": 8,
        "opinion": 5,
        "link": 4,
    }
    assert shown.filter(language="uk").count() == 3
    assert shown.filter(language="ru").count() == 2
    assert shown.filter(language="en", word_count__range=(400, 900)).count() == 6
    assert shown.filter(kind="opinion", body="").count() == 4
    assert files(demo_folder) == EVERY_FILE


def test_load_is_dated_back_from_its_moment():
    before = timezone.now()
    run()

    newest = Post.objects.published().first()
    assert timedelta(minutes=7) <= timezone.now() - newest.published_at
    assert newest.published_at >= before - timedelta(minutes=7)


def test_scheduled_and_draft_posts_exist_but_are_not_published():
    run()

    hidden = Post.objects.exclude(pk__in=Post.objects.published()).order_by("title")
    assert [(post.title, post.status) for post in hidden] == [
        ("Notes for an essay on bridges", "draft"),
        ("The lighthouse keeper’s inventory", "published"),
    ]
    tomorrow = timezone.now() + timedelta(days=1)
    assert Post.objects.published(now=tomorrow).count() == 18


def test_load_gives_posts_their_sections_bylines_tags_and_pictures():
    run()

    post = Post.objects.get(slug="the-slow-train-over-the-pass")
    assert post.category.name == "Review"
    assert [category.slug for category in post.categories.all()] == ["review", "culture"]
    assert [author.name for author in post.authors.all()] == ["The News And Times"]
    assert sorted(tag.slug for tag in post.tags.all()) == ["mountains", "railways", "travel"]
    assert post.image.alt == content.pictures()["viaduct"]["alt"]
    mountains = Image.objects.get(file__startswith="images/demo/mountains-")
    assert f'<img src="{mountains.file.url}" alt="{mountains.alt}"' in post.body
    assert f"<figcaption>{mountains.caption}</figcaption>" in post.body
    assert "[[" not in "".join(Post.objects.values_list("body", flat=True))


def test_hashtags_of_a_title_become_tags():
    run()

    opinion = Post.objects.get(title__startswith="A border marker")
    assert sorted(tag.name for tag in opinion.tags.all()) == ["Borders", "Caucasus"]


def test_links_lead_only_to_what_there_is(client):
    run()

    targets = NavLink.objects.exclude(place="elsewhere").values_list("target", flat=True)
    assert {target: client.get(target).status_code for target in targets} == {
        "/": 200,
        "/selected-articles/": 200,
        "/tweets/": 200,
        "/links/": 200,
        "/feed/": 200,
        "/subscribe/": 200,
        "/about-us/": 200,
        "/privacy/": 200,
        "/corrections/": 200,
    }
    elsewhere = NavLink.objects.filter(place="elsewhere").values_list("target", flat=True)
    assert all(target.endswith(".example.org/") for target in elsewhere)


def test_second_load_changes_nothing_and_says_so(demo_folder):
    run()
    before = everything()
    documents = {path.name: path.read_bytes() for path in demo_folder.rglob("*.*")}

    assert run() == "The demo is loaded already; nothing changed.\n"
    assert everything() == before
    assert {path.name: path.read_bytes() for path in demo_folder.rglob("*.*")} == documents


def test_second_load_does_not_bring_back_what_an_editor_deleted():
    run()
    Post.objects.get(title__startswith="A border marker").delete()
    NavLink.objects.filter(label="Tweets").delete()

    run()
    assert Post.objects.count() == 18
    assert not NavLink.objects.filter(label="Tweets").exists()


def test_load_under_another_port_moves_the_feeds_and_keeps_their_headlines(settings):
    run()
    before = everything()
    feed = Feed.objects.get(url="http://127.0.0.1:80/demo/feeds/waypoints.json")
    headline = make_headline(feed=feed)
    settings.SITE_URL = "http://localhost:8123"

    assert run() == (
        "The demo is loaded already; 15 of its feeds moved to http://127.0.0.1:8123/demo/feeds/\n"
    )
    feed.refresh_from_db()
    assert feed.url == "http://127.0.0.1:8123/demo/feeds/waypoints.json"
    assert list(feed.headlines.all()) == [headline]
    after = everything()
    assert after["blog.Post"] == before["blog.Post"]
    assert len(after["aggregator.Feed"]) == FEEDS


def test_load_without_its_memory_does_not_double_anything():
    run()
    before = counts()
    manifest_path().unlink()
    Feed.objects.all().delete()

    run()
    assert counts() == before


def test_load_into_another_database_ignores_the_memory_of_the_first():
    run()
    manifest_path().write_text(
        manifest_path().read_text("utf-8").replace('"database": "', '"database": "other '), "utf-8"
    )
    before = counts()
    for model in (
        Post,
        Page,
        Tag,
        Author,
        Category,
        Image,
        Collection,
        NavLink,
        SiteSettings,
        Feed,
    ):
        model.objects.all().delete()

    run()
    assert counts() == before


def test_load_writes_missing_feeds_again_with_the_same_bytes(demo_folder):
    run()
    document = demo_folder / "demo" / "feeds" / "black-sea-courier.xml"
    before = document.read_bytes()
    document.unlink()

    run()
    assert document.read_bytes() == before


def test_interrupted_load_completes_when_started_again(demo_folder):
    def stop(**_signal):
        raise KeyboardInterrupt

    post_save.connect(stop, sender=Feed)
    try:
        with pytest.raises(KeyboardInterrupt):
            run()
    finally:
        post_save.disconnect(stop, sender=Feed)
    assert counts() == {}
    assert len(media_files()) == PICTURES

    run()
    assert Post.objects.count() == 19
    assert Feed.objects.count() == FEEDS
    assert len(media_files()) == PICTURES
    assert files(demo_folder) == EVERY_FILE


def test_load_leaves_settings_and_links_that_somebody_saved():
    SiteSettings(title="Our own review").save()
    NavLink.objects.create(label="Ours", target="/")

    run()
    assert SiteSettings.load().title == "Our own review"
    assert [link.label for link in NavLink.objects.all()] == ["Ours"]

    run("--remove")
    assert SiteSettings.load().title == "Our own review"
    assert [link.label for link in NavLink.objects.all()] == ["Ours"]


def test_load_is_refused_outside_of_development(settings):
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError, match="The demo is for development"):
        run()
    assert counts() == {}


def test_memory_of_a_database_that_is_gone_does_not_pass_for_the_demo():
    run()
    keys = [int(key.rpartition(":")[2]) for key in Made.read().rows if key.startswith("blog.post:")]
    for model in (
        Post,
        Page,
        Tag,
        Author,
        Category,
        Image,
        Collection,
        NavLink,
        SiteSettings,
        Feed,
    ):
        model.objects.all().delete()
    make_post(pk=keys[0], title="Of another database")

    assert run().startswith("Loaded the demo: ")
    assert Post.objects.count() == 20
