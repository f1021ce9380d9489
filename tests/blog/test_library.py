"""The library of pictures: taking in, finding, describing, over HTTP as its scripts do."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connections
from django.test import Client
from django.urls import reverse
from PIL import Image as PillowImage

from blog import library
from blog.models import Image
from blog.pictures import files, reading
from blog.pictures.errors import PictureError
from tests.factories import make_editor, make_image, make_member
from tests.pictures import drawn, fetched, png_of_size, saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]

UPLOAD = "/admin/blog/image/upload/"
CHOOSE = "/admin/blog/image/choose/"


@pytest.fixture
def editor(client):
    user = make_editor()
    client.force_login(user)
    return user


def upload(content, name="a.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def stored_files():
    folders = [Path(default_storage.location), Path(files.originals().location)]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_upload_is_answered_with_the_picture(client, editor):
    content = saved(drawn((1000, 700)), "JPEG")
    response = client.post(UPLOAD, {"file": upload(content, "Holiday.JPG"), "alt": " A hill "})
    image = Image.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": image.pk,
        "alt": "A hill",
        "caption": "",
        "credit": "",
        "name": "Holiday.JPG",
        "src": image.file.url,
        "thumb": image.thumb_url,
        "width": 1000,
        "height": 700,
        "existing": False,
    }
    assert (image.created_by, image.name) == (editor, "Holiday.JPG")
    with files.originals().open(image.original) as original:
        assert original.read() == content
    assert len(fetched(client, image.thumb_url)) < len(fetched(client, image.file.url))


@pytest.mark.parametrize(
    "name",
    ["../../../evil.jpg", "/etc/cron.d/evil.png", "..\\..\\evil.gif", "a\x00b.jpg", "x" * 300],
)
def test_name_of_an_upload_names_no_file(editor, client, name):
    client.post(UPLOAD, {"file": upload(saved(drawn(), "PNG"), name)})
    image = Image.objects.get()
    assert image.file.name.startswith("pictures/20")
    assert image.file.name.endswith("/full.png")
    assert all("evil" not in str(path) for path in stored_files())
    outside = Path(default_storage.location).parent
    assert sorted(path.name for path in outside.iterdir()) == ["media", "originals"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><script>alert(1)</script>", "is not a picture that can be used here"),
        (b"<svg onload=alert(1)>", "is an SVG drawing, which may hold scripts"),
        (png_of_size(50_000, 50_000), "has too many pixels"),
        (saved(drawn(), "JPEG")[:-3000], "is damaged or not complete"),
    ],
)
def test_refusal_is_a_sentence_and_leaves_nothing_behind(client, editor, content, words):
    response = client.post(UPLOAD, {"file": upload(content, "picture.jpg")})
    assert response.status_code == 400
    assert response.json()["error"].startswith("“picture.jpg” ")
    assert words in response.json()["error"]
    assert Image.objects.count() == 0
    assert stored_files() == []


def test_file_too_large_is_refused_unread(client, editor):
    response = client.post(UPLOAD, {"file": upload(b"\xff\xd8\xff" + b"0" * reading.MAX_BYTES)})
    assert response.status_code == 413
    assert "is too large: at most 25.0" in response.json()["error"]
    heavy = client.post(UPLOAD, {"file": upload(b"0" * (reading.MAX_BYTES + 100_000))})
    assert heavy.status_code == 413
    assert stored_files() == []


def test_upload_without_a_file_says_so(client, editor):
    response = client.post(UPLOAD, {"alt": "x"})
    assert (response.status_code, response.json()) == (
        400,
        {"error": "No file came. Choose one and try again."},
    )


def test_upload_asks_for_the_token_against_forged_requests():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_editor())
    response = client.post(UPLOAD, {"file": upload(saved(drawn(), "PNG"))})
    assert response.status_code == 403
    assert Image.objects.count() == 0


def test_same_file_is_kept_once(client, editor):
    content = saved(drawn(), "JPEG")
    first = client.post(UPLOAD, {"file": upload(content, "one.jpg"), "alt": "One"})
    count = len(stored_files())
    second = client.post(UPLOAD, {"file": upload(content, "two.jpg"), "alt": "Two"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json() | {"existing": True}
    assert Image.objects.count() == 1
    assert len(stored_files()) == count


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_same_file_sent_twice_at_once_is_kept_once():
    content = saved(drawn(), "JPEG")

    def add(_):
        try:
            return library.add(ContentFile(content, name="a.jpg"), by=None)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(add, range(4)))
    assert len({one.image.pk for one in added}) == 1
    assert sorted(one.is_new for one in added) == [False, False, False, True]
    assert len([path for path in stored_files() if "originals" in path.parts]) == 1


def test_file_that_somebody_else_has_just_stored_leaves_nothing_behind():
    content = saved(drawn(), "JPEG")
    late = Image(file=ContentFile(content, name="late.jpg"))
    early = make_image(file=ContentFile(content, name="early.jpg"))
    before = stored_files()
    with pytest.raises(IntegrityError):
        late.save()
    assert stored_files() == before
    assert library.find(late.digest) == early


def test_choosing_finds_by_all_words(client, editor):
    make_image(alt="A red train", caption="Bridge")
    wanted = make_image(alt="A train", credit="Ada", caption="Over the red bridge")
    response = client.get(CHOOSE, {"q": "RED ada"})
    assert [image["id"] for image in response.json()["images"]] == [wanted.pk]
    assert response.json()["more"] is False


@pytest.mark.parametrize("rows", [1, 30])
def test_choosing_costs_the_same_for_any_number(client, editor, rows, django_assert_num_queries):
    images = [make_image(alt=f"Number {number}") for number in range(rows)]
    with django_assert_num_queries(4):
        answer = client.get(CHOOSE).json()
    assert answer["images"][0]["id"] == images[-1].pk
    assert (len(answer["images"]), answer["more"]) == ((1, False) if rows == 1 else (24, True))
    assert len(client.get(CHOOSE, {"page": 2}).json()["images"]) == (0 if rows == 1 else 6)


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30])
def test_choosing_takes_any_page(client, editor, page):
    make_image()
    assert client.get(CHOOSE, {"page": page}).status_code == 200


def test_words_are_set_one_by_one(client, editor):
    image = make_image(alt="", caption="Stays")
    path = reverse("admin:blog_image_describe", args=[image.pk])
    response = client.post(path, {"alt": "A road"})
    assert response.json() == library.shown(Image.objects.get())
    image.refresh_from_db()
    assert (image.alt, image.caption) == ("A road", "Stays")
    refused = client.post(path, {"alt": "x" * 301})
    assert refused.status_code == 400
    assert "Alternative text: " in refused.json()["error"]


def test_words_of_others_pictures_are_left_to_editors(client):
    client.force_login(make_member("author"))
    image = make_image(alt="Theirs")
    response = client.post(reverse("admin:blog_image_describe", args=[image.pk]), {"alt": "Mine"})
    assert response.status_code == 403
    assert response.json()["error"].startswith("You may not change this picture")
    image.refresh_from_db()
    assert image.alt == "Theirs"


def test_plain_form_takes_pictures_in_by_the_same_rules(client, editor):
    path = reverse("admin:blog_image_add")
    response = client.post(path, {"file": upload(b"<svg>", "drawing.png"), "alt": "x"})
    assert response.context["errors"][0] == [
        "“drawing.png” is an SVG drawing, which may hold scripts. Export it as PNG and send that."
    ]
    assert client.post(path, {"file": upload(saved(drawn(), "HEIF"), "a.heic")}).context["errors"]
    assert stored_files() == []
    content = saved(drawn(), "HEIF")
    response = client.post(path, {"file": upload(content, "a.heic"), "alt": "From a phone"})
    assert response.status_code == 302
    image = Image.objects.get()
    assert (image.created_by, image.focus_x) == (editor, 50)
    again = client.post(path, {"file": upload(content, "b.heic"), "alt": "Again"})
    (error,) = again.context["errors"][0]
    assert error == (
        "This picture is in the library already: "
        f'<a href="/admin/blog/image/{image.pk}/change/">From a phone</a>.'
    )


def test_no_row_is_made_of_what_is_no_picture():
    with pytest.raises(PictureError):
        make_image(file=ContentFile(b"<html>", name="a.png"))
    assert stored_files() == []


def test_published_file_is_made_anew(client, editor):
    hidden = b"<script>alert(document.domain)</script>"
    content = saved(drawn(), "PNG") + hidden
    address = client.post(UPLOAD, {"file": upload(content)}).json()["src"]
    served = fetched(client, address)
    assert hidden not in served
    assert PillowImage.open(BytesIO(served)).size == (600, 400)
