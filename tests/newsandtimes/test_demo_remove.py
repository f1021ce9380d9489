"""Taking the demo away, and leaving what has become somebody's own."""

import pytest

from aggregator.models import Collection, Feed, Headline, Pick
from blog.models import Author, Category, Image, NavLink, Post, SiteSettings, Tag
from newsandtimes.demo import content
from newsandtimes.demo.made import Made, manifest_path
from tests.factories import make_headline, make_pick, make_post, make_user
from tests.newsandtimes.demo import counts, files, media_files, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_folder")]


def test_remove_restores_an_empty_site(demo_folder):
    run()
    make_headline(feed=Feed.objects.first())

    assert run("--remove").startswith("Removed the demo: ")
    assert counts() == {}
    assert files(demo_folder) == ["demo-declined"]
    assert media_files() == []
    assert run("--remove") == "There is no demo to remove.\n"


def test_remove_works_without_its_memory():
    run()
    manifest_path().unlink()

    run("--remove")
    assert counts() == {}


def test_remove_keeps_an_editors_post_and_what_it_needs():
    run()
    author, category = Author.objects.get(slug="elene-marani"), Category.objects.get(slug="culture")
    image = Image.objects.get(file__startswith="images/demo/port-")
    in_text = Image.objects.get(file__startswith="images/demo/station-")
    mine = make_post(
        title="Mine",
        category=category,
        authors=[author],
        tags=["mountains"],
        image=image,
        body=f'<p><img src="{in_text.file.url}" alt="{in_text.alt}"></p>',
    )

    output = run("--remove")
    assert list(Post.objects.all()) == [mine]
    assert list(Category.objects.all()) == [category]
    assert list(Author.objects.all()) == [author]
    assert list(Tag.objects.values_list("name", flat=True)) == ["mountains"]
    assert list(Image.objects.order_by("file")) == [image, in_text]
    assert [f"images/demo/{name}" for name in media_files()] == [image.file.name, in_text.file.name]
    assert "  kept, because it is in use or was changed: category “Culture”\n" in output


def test_remove_keeps_what_an_editor_changed():
    run()
    post = Post.objects.get(slug="notes-for-an-essay-on-bridges")
    post.title = "An essay on bridges"
    post.save()
    Category.objects.filter(slug="economy").update(name="Trade")
    SiteSettings.objects.update(tagline="Ours")
    NavLink.objects.filter(label="Tweets").update(label="Notes")

    run("--remove")
    assert list(Post.objects.all()) == [post]
    assert sorted(Category.objects.values_list("name", flat=True)) == ["Review", "Trade"]
    assert SiteSettings.load().tagline == "Ours"
    assert [link.label for link in NavLink.objects.all()] == ["Notes"]


def test_remove_leaves_rows_that_were_there_before_the_demo():
    tag = Tag.objects.create(name="Mountains", slug="mountains")
    category = Category.objects.create(
        **next(row for row in content.site()["categories"] if row["slug"] == "review")
    )

    run()
    assert Tag.objects.filter(name__iexact="mountains").count() == 1
    run("--remove")
    assert list(Tag.objects.all()) == [tag]
    assert list(Category.objects.all()) == [category]


def test_remove_keeps_a_collection_with_picks_of_others():
    run()
    links = Collection.objects.get(slug="links")
    theirs = make_pick(collection=links, picked_by=make_user())
    make_pick(
        collection=links,
        headline=make_headline(feed=Feed.objects.filter(url__contains="waypoints").get()),
    )

    run("--remove")
    assert list(Collection.objects.all()) == [links]
    assert list(Pick.objects.all()) == [theirs]
    assert list(Headline.objects.all()) == [theirs.headline]


def test_memory_that_cannot_be_read_counts_as_lost(demo_folder):
    run()
    manifest_path().write_text('{"database": ', "utf-8")

    assert Made.read() is None
    run("--remove")
    assert Post.objects.count() == 0
