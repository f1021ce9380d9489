"""The picture that is drawn for a post without one."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image, ImageChops

from blog import share_images, tasks
from blog.models import SiteSettings
from tests.factories import make_image, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]

BASE = "https://review.example"
TITLES = [
    "A",
    "The long divorce: two neighbours and the price of friendship",
    "Перемир’я — це ще не мир, а лише привід домовитися про відповідальність за те, що було",
    "Вертолёт взлетел с третьей попытки " * 8,
    "Непротивоконституционствовать" * 10,
    "W" * 300,
    "word " * 60,
    "",
    "\x08\x00 \ufffe",
    "طريق الحرير",
]


def path_of(post):
    return share_images.path_of(post, site=SiteSettings.load())


def drawn(title, site_title="The Review"):
    return Image.open(io.BytesIO(share_images.draw(title, site_title=site_title)))


def marked_box(image):
    """The box of all that is not paper, without the band at the top."""
    picture = image.convert("RGB").crop((0, 20, *image.size))
    paper = Image.new("RGB", picture.size, picture.getpixel((5, 5)))
    return ImageChops.difference(picture, paper).getbbox()


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("site_title", ["R", "The News And Times Review " * 5])
def test_no_title_leaves_the_picture(title, site_title):
    image = drawn(title, site_title)
    assert image.size == (1200, 630)
    left, top, right, bottom = marked_box(image)
    assert (left >= 60, right <= 1200 - 60, top >= 10, bottom <= 630 - 20 - 60) == (True,) * 4


def test_colours_are_those_of_the_pages_and_edges_are_smooth():
    colours = {colour for _, colour in drawn(TITLES[1]).convert("RGB").getcolors()}
    paper, ink, accent = (251, 250, 246), (23, 24, 27), (155, 28, 31)
    assert {paper, ink, accent} <= colours
    assert len(colours) > 20


def test_lines_are_broken_between_words_and_nothing_is_lost():
    font = share_images._font(60, 650)
    title = TITLES[2]
    lines = share_images.wrapped(title, font)
    assert " ".join(lines) == title
    assert all(font.getlength(line) <= 1040 for line in lines)
    assert "".join(share_images.wrapped("W" * 300, font)) == "W" * 300


def test_short_titles_are_large_and_endless_ones_are_cut():
    assert share_images._fitted("A")[0] == 92
    size, lines = share_images._fitted("word " * 200)
    assert (size, lines[-1][-1]) == (46, "…")


def test_font_has_the_letters_of_our_languages():
    font = share_images._font(60, 650)
    missing = font.getmask("\U000f0000").getbbox(), bytes(font.getmask("\U000f0000"))
    for letter in "AzÄéЖжІіЇїЄєҐґЁёЫы’—«»…№":
        mask = font.getmask(letter)
        assert (mask.getbbox(), bytes(mask)) != missing, letter


def test_picture_is_drawn_once_and_kept_for_ever(client):
    post = make_post(title="Мир")
    response = client.get(path_of(post))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)
    folder = share_images.folder_of(post.pk)
    (name,) = default_storage.listdir(folder)[1]
    with default_storage.open(f"{folder}/{name}", "wb") as file:
        file.write(b"as it was")
    assert client.get(path_of(post)).content == b"as it was"


def test_another_title_is_another_picture_and_the_old_address_leads_on(client):
    post = make_post(title="Old")
    old = path_of(post)
    client.get(old)
    post.title = "New"
    post.save()
    assert path_of(post) != old
    assert client.get(old)["Location"] == path_of(post)
    assert client.get(path_of(post)).status_code == 200
    assert len(default_storage.listdir(share_images.folder_of(post.pk))[1]) == 1


def test_another_name_of_the_site_is_another_picture():
    post = make_post()
    before = path_of(post)
    SiteSettings.objects.create(title="Another name")
    assert path_of(post) != before


@pytest.mark.parametrize("status", ["draft", "review", "withdrawn"])
def test_there_is_no_picture_of_what_is_not_public(client, status):
    post = make_post(status=status, published_at=timezone.now())
    scheduled = make_post(published_at=timezone.now() + timedelta(minutes=1))
    for hidden in (post, scheduled):
        assert client.get(path_of(hidden)).status_code == 404
        assert not tasks.draw_share_image.call(hidden.pk)
    assert default_storage.exists("pictures/share") is False


def test_worker_draws_it_on_publication(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        post = make_post()
        pictured = make_post(image=make_image())
        draft = make_post(status="draft")
    there = [default_storage.exists(share_images.folder_of(p.pk)) for p in (post, pictured, draft)]
    assert there == [True, False, False]
    with django_capture_on_commit_callbacks(execute=True):
        key = post.pk
        post.delete()
    assert default_storage.exists(share_images.folder_of(key)) is False


def test_page_names_the_picture(client, settings):
    settings.SITE_URL = BASE
    post = make_post(title='A "title"')
    page = client.get(post.get_absolute_url()).content.decode()
    for line in (
        f'<meta property="og:image" content="{BASE}{path_of(post)}">',
        '<meta property="og:image:width" content="1200">',
        '<meta property="og:image:height" content="630">',
        '<meta property="og:image:alt" content="A &quot;title&quot;">',
        '<meta name="twitter:card" content="summary_large_image">',
    ):
        assert page.count(line) == 1
