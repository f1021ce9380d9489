"""What the tests of the roof may lean on."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.factories import make_editor
from tests.newsandtimes.logging_in import PASSWORD


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


@pytest.fixture
def ada():
    """Somebody who may do everything and logs in with PASSWORD."""
    return make_editor(username="ada", password=PASSWORD, email="ada@example.org")


@pytest.fixture
def with_phone(ada):
    """Ada, whose login asks for a code from her phone."""
    TOTP.activate(ada, generate_totp_secret())
    return ada
