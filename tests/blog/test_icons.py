"""The site's icon, and the manifest that names it."""

import io
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from blog import icons, tasks
from blog.models import Image, SiteSettings
from tests.factories import make_image
from tests.pictures import drawn, fetched, saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]

NAMES = ["180", "192", "32", "512", "maskable-512"]


def stored(size=(600, 400), kind="PNG", **fields):
    return make_image(file=ContentFile(saved(drawn(size), kind), name="a.png"), **fields)


def chosen(image):
    site = SiteSettings.load()
    site.icon = image
    site.save()
    assert icons.redraw()
    return SiteSettings.load()


def drawn_at(site, name):
    with default_storage.open(f"{site.icon_folder}/{name}.png") as file:
        return Pillow.open(io.BytesIO(file.read()))


def test_the_icon_is_drawn_in_every_size(client):
    site = chosen(stored())
    assert sorted(default_storage.listdir(site.icon_folder)[1]) == [f"{name}.png" for name in NAMES]
    sizes = {name: drawn_at(site, name).size for name in NAMES}
    assert sizes == {
        "32": (32, 32),
        "180": (180, 180),
        "192": (192, 192),
        "512": (512, 512),
        "maskable-512": (512, 512),
    }
    for name in NAMES:
        assert fetched(client, icons.icon_url(site, name)).startswith(b"\x89PNG")


def test_what_is_transparent_stays_so_but_on_telephones():
    clear = Pillow.new("RGBA", (300, 300), (255, 0, 0, 0))
    clear.paste((0, 0, 255, 255), (100, 100, 200, 200))
    site = chosen(make_image(file=ContentFile(saved(clear, "PNG"), name="a.png")))
    assert drawn_at(site, "512").getpixel((2, 2))[3] == 0
    assert drawn_at(site, "180").mode == "RGB"
    maskable = drawn_at(site, "maskable-512")
    assert maskable.getpixel((40, 40)) == (251, 250, 246)
    assert maskable.getpixel((256, 256)) == (0, 0, 255)


def test_another_picture_takes_the_place_of_the_first():
    first = chosen(stored()).icon_folder
    assert not icons.redraw()
    second = chosen(stored((300, 500))).icon_folder
    assert (first != second, default_storage.exists(first)) == (True, False)
    assert chosen(None).icon_folder == ""
    assert not default_storage.exists(second)


def test_another_focus_is_another_icon():
    image = stored()
    first = chosen(image).icon_folder
    image.focus_x = 0
    image.save()
    assert chosen(image).icon_folder != first


def test_a_picture_without_a_file_leaves_the_icon_as_it_is():
    first = chosen(stored()).icon_folder
    broken = stored((300, 300))
    default_storage.delete(str(broken.file.name))
    SiteSettings.objects.update(icon=broken)
    assert not icons.redraw()
    assert SiteSettings.load().icon_folder == first


def test_saving_the_settings_asks_the_worker_once(django_capture_on_commit_callbacks, monkeypatch):
    site = chosen(stored())
    with django_capture_on_commit_callbacks() as callbacks:
        site.save()
    assert callbacks == []
    site.icon = stored((300, 300))
    with django_capture_on_commit_callbacks() as callbacks:
        site.save()
    assert [callback.__self__ for callback in callbacks] == [tasks.draw_icons]


def test_pages_and_manifest_name_the_icons_of_the_house(client):
    SiteSettings.objects.create(title="The News And Times Review", language="uk", tagline="Notes")
    page = client.get("/").content.decode()
    for line in (
        '<link rel="icon" type="image/png" sizes="32x32" href="/static/icons/32.png">',
        '<link rel="icon" type="image/svg+xml" href="/static/favicon.svg">',
        '<link rel="apple-touch-icon" href="/static/icons/180.png">',
        '<link rel="manifest" href="/manifest.webmanifest">',
        '<meta name="theme-color" content="#131416" media="(prefers-color-scheme: dark)">',
    ):
        assert page.count(line) == 1
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json; charset=utf-8"
    assert json.loads(response.content) == {
        "name": "The News And Times Review",
        "short_name": "The News And Times…",
        "description": "Notes",
        "lang": "uk",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#fbfaf6",
        "theme_color": "#fbfaf6",
        "icons": [
            {"src": "/static/icons/192.png", "sizes": "192x192", "type": "image/png"},
            {"src": "/static/icons/512.png", "sizes": "512x512", "type": "image/png"},
            {
                "src": "/static/icons/maskable-512.png",
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
    }


def test_pages_and_manifest_name_the_icon_that_was_chosen(client):
    folder = chosen(stored()).icon_folder
    page = client.get("/").content.decode()
    assert f'<link rel="apple-touch-icon" href="/media/{folder}/180.png">' in page
    assert "favicon.svg" not in page
    named = json.loads(client.get("/manifest.webmanifest").content)["icons"]
    assert [icon["src"] for icon in named] == [
        f"/media/{folder}/{name}.png" for name in ("192", "512", "maskable-512")
    ]
    assert client.get("/favicon.ico")["Location"] == f"/media/{folder}/32.png"


def test_a_deleted_picture_leaves_the_icon_in_its_place(client):
    folder = chosen(stored()).icon_folder
    Image.objects.all().delete()
    assert fetched(client, f"/media/{folder}/32.png")
