"""Media, health and error pages."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connection

from blog.models import NavLink, SiteSettings
from tests.factories import make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient_client(client):
    """A client that shows the error page where the usual one raises."""
    client.raise_request_exception = False
    return client


def broken_database(*_arguments):
    raise OperationalError("the database is gone")


def broken_posts(execute, sql, params, many, context):
    if "blog_post" in sql:
        raise OperationalError("the table is gone")
    return execute(sql, params, many, context)


def test_health_says_ok(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in response["Cache-Control"]


def test_health_says_when_the_database_is_gone(client):
    with connection.execute_wrapper(broken_database):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (503, b"the database does not answer")


def test_media_are_served_for_ever_and_run_nothing(client):
    image = make_image()
    response = client.get(image.file.url)
    with image.file.open() as file:
        assert b"".join(response.streaming_content) == file.read()
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'"
    response.close()


@pytest.mark.parametrize(
    "path",
    ["/media/none.png", "/media/images/", "/media/../secret.txt", "/media/%2e%2e/secret.txt"],
)
def test_media_outside_the_folder_are_not_found(client, path):
    folder = Path(default_storage.location)
    folder.mkdir(exist_ok=True)
    (folder.parent / "secret.txt").write_text("hidden words")
    response = client.get(path)
    assert response.status_code == 404
    assert response.content == b"There is no such file."


def test_missing_page_wears_the_sites_dress(client):
    SiteSettings.objects.create(title="The Review")
    NavLink.objects.create(label="Links", target="/links/")
    response = client.get("/nope/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "<h1>This page is not here</h1>" in page
    assert '<p class="title"><a href="/">The Review</a></p>' in page
    assert '<a href="/links/">Links</a>' in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page


def test_missing_page_speaks_the_sites_language(client):
    SiteSettings.objects.create(language="uk")
    response = client.get("/nope/")
    assert b'<html lang="uk">' in response.content
    assert response["Content-Language"] == "uk"


def test_error_page_wears_the_sites_dress(patient_client):
    SiteSettings.objects.create(title="The Review", language="uk")
    NavLink.objects.create(label="Links", target="/links/")
    with connection.execute_wrapper(broken_posts):
        response = patient_client.get("/")
    page = response.content.decode()
    assert response.status_code == 500
    assert '<html lang="uk">' in page
    assert '<p class="title"><a href="/">The Review</a></p>' in page
    assert '<a href="/links/">Links</a>' in page


def test_error_page_does_without_the_database(patient_client):
    SiteSettings.objects.create(title="The Review")
    with connection.execute_wrapper(broken_database):
        response = patient_client.get("/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "<h1>Something went wrong on our side</h1>" in page
    assert '<p class="title"><a href="/">The News And Times Review</a></p>' in page
    assert "the database is gone" not in page


def test_error_page_has_a_last_resort(patient_client, settings):
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "OPTIONS": {}}
    ]
    with connection.execute_wrapper(broken_database):
        response = patient_client.get("/")
    assert (response.status_code, response["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert response.content == b"The page could not be made. Please try again in a minute."


def test_favicon_leads_to_the_icon(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/favicon.svg")


def test_fetcher_page_says_what_our_poller_does(client, db):
    page = client.get("/about/fetcher").content.decode()
    assert "<h1>Our feed reader</h1>" in page


def test_media_name_longer_than_the_disk_allows_is_not_there(client):
    assert client.get("/media/" + "a" * 5000).status_code == 404
