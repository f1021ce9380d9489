"""Addresses from the environment become Django's settings."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsandtimes.environment import mailer, media_origins, media_storage, tuned_database


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", {"host": "mail.example", "port": 25}),
        ("smtp://mail.example:2525", {"host": "mail.example", "port": 2525}),
        (
            "smtp+tls://me%40example.org:p%2Fw@mail.example",
            {
                "host": "mail.example",
                "port": 587,
                "username": "me@example.org",
                "password": "p/w",
                "use_tls": True,
            },
        ),
        ("smtp+ssl://mail.example", {"host": "mail.example", "port": 465, "use_ssl": True}),
    ],
)
def test_mailer_reads_smtp_addresses(url, expected):
    entry = mailer(url, timeout_s=7)
    assert entry["BACKEND"] == "newsletter.smtp.EmailBackend"
    assert entry["OPTIONS"] == {"username": "", "password": "", "timeout": 7} | expected


def test_mailer_writes_into_a_folder():
    assert mailer("file:///var/mail%20box") == {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": "/var/mail box"},
    }


@pytest.mark.parametrize("url", ["smtp://", "pigeon://roof", "mail.example"])
def test_mailer_refuses_what_it_does_not_understand(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mailer(url)


def test_storage_reads_an_s3_address():
    storage = media_storage(
        "s3://key:se%2Fcret@objects.example:9000/media?region=eu-1&domain=cdn.example"
    )
    assert storage["BACKEND"] == "storages.backends.s3.S3Storage"
    options = storage["OPTIONS"]
    assert options["endpoint_url"] == "https://objects.example:9000"
    assert options["bucket_name"] == "media"
    assert (options["access_key"], options["secret_key"]) == ("key", "se/cret")
    assert options["region_name"] == "eu-1"
    assert media_origins(storage) == ["https://cdn.example"]


def test_storage_on_disk_needs_no_other_origin(tmp_path):
    assert media_origins(media_storage(f"file://{tmp_path}")) == []


@pytest.mark.parametrize("url", ["s3://host", "s3:///bucket", "ftp://host/bucket"])
def test_storage_refuses_what_it_does_not_understand(url):
    with pytest.raises(ImproperlyConfigured, match="STORAGE_URL"):
        media_storage(url)


def test_sqlite_folder_that_cannot_be_made_is_told_in_words():
    config = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/dev/null/site/db.sqlite3"}
    with pytest.raises(ImproperlyConfigured, match="/dev/null/site cannot be made"):
        tuned_database(config)


def test_postgres_connections_are_kept_and_checked():
    config = tuned_database({"ENGINE": "django.db.backends.postgresql", "NAME": "x"})
    assert config["CONN_MAX_AGE"] == 600
    assert config["CONN_HEALTH_CHECKS"] is True
