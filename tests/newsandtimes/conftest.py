"""What the tests of the roof may lean on."""

import pytest


@pytest.fixture
def demo_folder(settings, tmp_path):
    """Give the demo a data folder of its own, uploads included."""
    settings.DATA_DIR = tmp_path / "data"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media", "base_url": "/media/"},
        },
        "originals": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "originals"},
        },
    }
    return settings.DATA_DIR
