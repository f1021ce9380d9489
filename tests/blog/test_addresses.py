"""Where uploads lie, on a disk and in a bucket."""

import pytest

from blog.addresses import uploads_base
from blog.cleaning import clean_html
from blog.usage import name_at
from newsandtimes.environment import media_storage

BUCKET = "s3://key:secret@objects.example/review?region=eu-1"


@pytest.fixture
def in_bucket(settings):
    def use(url):
        settings.STORAGES = settings.STORAGES | {"default": media_storage(url)}

    return use


def test_uploads_on_disk_lie_under_media():
    assert uploads_base() == "/media/"


@pytest.mark.parametrize(
    ("url", "base"),
    [
        (BUCKET, "https://objects.example/review/"),
        (f"{BUCKET}&domain=cdn.example", "https://cdn.example/"),
    ],
)
def test_pictures_in_a_bucket_are_ours(in_bucket, url, base):
    in_bucket(url)
    ours, theirs = f'<img src="{base}images/a.jpg" alt="">', '<img src="https://x.example/a.jpg">'

    assert uploads_base() == base
    assert clean_html(f"{ours}{theirs}") == ours
    assert name_at(f"{base}images/a.jpg") == "images/a.jpg"
