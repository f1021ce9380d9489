"""What is served of pictures: only what is public, and so that it does nothing."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image as PillowImage

from blog import renditions
from blog.models import Image
from blog.pictures import files
from tests.factories import make_image
from tests.pictures import drawn, fetched, saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]


def with_metadata():
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker of cameras"
    return saved(drawn((60, 40)), "JPEG", exif=exif)


def test_picture_is_served_for_ever_and_runs_nothing(client, django_assert_num_queries):
    image = make_image()
    with django_assert_num_queries(0):
        response = client.get(image.file.url)
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'"
    response.close()


@pytest.mark.parametrize(
    "name", ["note.html", "a.svg", "a.txt", "pictures/a.html", "pictures/a.svg", "images/a.html"]
)
def test_what_is_no_picture_is_not_served(client, name):
    default_storage.save(name, ContentFile(b"<script>alert(1)</script>"))
    response = client.get(f"/media/{name}")
    assert (response.status_code, response.content) == (404, b"There is no such file.")


def test_picture_outside_the_public_folders_is_not_served(client):
    default_storage.save("private/a.png", ContentFile(saved(drawn(), "PNG")))
    assert client.get("/media/private/a.png").status_code == 404


def test_originals_are_served_nowhere(client):
    image = make_image()
    folder = Path(files.originals().location)
    assert Path(default_storage.location) not in folder.parents
    for address in (
        f"/media/{image.original}",
        f"/media/originals/{image.original}",
        f"/media/../originals/{image.original}",
        f"/media/pictures/%2e%2e/%2e%2e/originals/{image.original}",
        f"/media/pictures/../../originals/{image.original}",
    ):
        assert client.get(address).status_code == 404
    assert (folder / image.original).is_file()


def test_upload_of_former_times_is_never_served_as_it_is(client):
    content = with_metadata()
    name = default_storage.save("images/2025/03/abcd.jpg", ContentFile(content))
    address = f"/media/{name}"
    # Without a row, with a row that waits for the worker, and when it has been there.
    orphan = client.get(address)
    image = Image.objects.create(file=name, alt="Old")
    waiting = client.get(address)
    for response in (orphan, waiting):
        assert response["Cache-Control"] == "public, max-age=300"
        assert response["Content-Type"] == "image/jpeg"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'"
        assert b"Maker" not in response.content
        assert PillowImage.open(BytesIO(response.content)).size == (40, 60)
    assert Path(default_storage.path(name)).read_bytes() == content
    renditions.make(image.pk, now=timezone.now())
    served = fetched(client, address)
    assert b"Maker" not in served
    assert PillowImage.open(BytesIO(served)).size == (40, 60)


def test_upload_of_former_times_that_is_no_picture_is_not_served(client):
    default_storage.save("images/a.jpg", ContentFile(b"<script>alert(1)</script>"))
    Image.objects.create(file="images/a.jpg", alt="Old")
    assert client.get("/media/images/a.jpg").status_code == 404


@pytest.mark.parametrize("row", [{}, {"stage": Image.Stage.LOST}])
def test_missing_files_are_not_found(client, row):
    Image.objects.create(file="images/gone.jpg", alt="Gone", **row)
    assert client.get("/media/images/gone.jpg").status_code == 404
    assert client.get("/media/pictures/2026/11/x/full.jpg").status_code == 404
