"""The pages on which files come in and go out."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import AuditEntry
from newsletter.admin import subscriber_files
from newsletter.models import Subscriber, SubscriberImport
from tests.factories import make_digest, make_editor, make_member, make_subscriber, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]

LIST = "/admin/newsletter/subscriber/"


@pytest.fixture
def boss(client):
    client.force_login(make_editor())
    return client


def upload(client, text, name="list.csv"):
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    return client.post(f"{LIST}import/", {"file": file}, follow=True)


def table(response):
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_file_is_looked_at_then_brought_in(boss):
    page = upload(boss, "email;confirmed_at\na@example.org;2024-01-01\nx;2024-01-01\n")
    html = page.content.decode()
    assert "Bring in 1 address" in html
    assert "This is no e-mail address." in html
    assert Subscriber.objects.count() == 0

    work = SubscriberImport.objects.get()
    done = boss.post(f"{LIST}import/{work.pk}/", {"apply": "1"}, follow=True).content.decode()
    assert "Done" in done
    assert "2 lines" in done
    assert "so far" not in done
    assert "Bring in another file" in done
    assert Subscriber.objects.get().email == "a@example.org"
    assert "list.csv" in boss.get(f"{LIST}import/").content.decode()
    deeds = AuditEntry.objects.filter(kind="done").order_by("id")
    assert [entry.words for entry in deeds] == [
        f"Had a file of addresses looked at: import {work.pk}.",
        f"Brought a file of addresses in: import {work.pk}.",
    ]


def test_page_looks_again_by_itself_while_it_runs(boss, database_queue):
    page = upload(boss, "email;confirmed_at\n")
    assert page["Refresh"] == "3"
    boss.post(page.request["PATH_INFO"], {"cancel": "1"})
    again = boss.get(page.request["PATH_INFO"])

    assert "Refresh" not in again
    assert SubscriberImport.objects.get().state == "cancelled"


def test_file_that_is_too_large_is_refused(boss, monkeypatch):
    monkeypatch.setattr(subscriber_files, "MOST_BYTES", 10)
    page = upload(boss, "email;confirmed_at\n")

    assert "larger than 100 MB" in page.content.decode()
    assert SubscriberImport.objects.count() == 0


def test_editors_neither_import_nor_export(client):
    client.force_login(make_member("editor"))
    subscriber = make_subscriber()
    for path in ("import/", "export/"):
        response = client.get(LIST + path)
        assert response.status_code == 403
        assert subscriber.email not in response.content.decode()
    assert upload(client, "email,confirmed_at\n").status_code == 403
    assert SubscriberImport.objects.count() == 0


def test_export_gives_the_list_with_its_filters_and_no_formulas(boss):
    subscriber = make_subscriber(
        email="=cmd@example.org",
        rhythm="weekly",
        consent_text="@SUM(1+1)",
        paused_until=date(2027, 1, 1),
        created_at=datetime(2024, 2, 3, tzinfo=UTC),
    )
    subscriber.digests.add(make_digest(title="The Sunday letter"))
    make_subscriber()
    response = boss.get(f"{LIST}export/?rhythm__exact=weekly")
    (row,) = table(response)

    assert response["Content-Disposition"].startswith('attachment; filename="subscribers-')
    assert row["email"] == "'=cmd@example.org"
    assert row["consent_text"] == "'@SUM(1+1)"
    assert (row["consent_at"], row["paused_until"]) == ("2024-02-03T00:00:00+00:00", "2027-01-01")
    assert row["lists"] == "The Sunday letter"


def test_what_goes_out_comes_in_again_the_same(boss):
    for number in range(3):
        make_subscriber(
            email=f"+{number}@example.org",
            language="uk",
            rhythm="each",
            consent_form="/a/",
            consent_text='Раз, "на" день;\nабо ніколи',
            created_at=datetime(2024, 2, 3, number, tzinfo=UTC),
        )
    kept = ["email", "language", "rhythm", "consent_form", "consent_text", "created_at"]
    before = list(Subscriber.objects.order_by("email").values(*kept, "confirmed_at", "state"))
    text = b"".join(boss.get(f"{LIST}export/")).decode()
    Subscriber.objects.all().delete()
    upload(boss, text)
    boss.post(f"{LIST}import/{SubscriberImport.objects.get().pk}/", {"apply": "1"})

    after = list(Subscriber.objects.order_by("email").values(*kept, "confirmed_at", "state"))
    assert after == before


def test_export_takes_as_many_queries_for_30_rows_as_for_one(boss):
    counts = []
    for rows in (1, 29):
        for _ in range(rows):
            make_subscriber()
        with CaptureQueriesContext(connection) as queries:
            assert len(table(boss.get(f"{LIST}export/"))) in {1, 30}
        counts.append(len(queries))

    assert counts == [10, 10]


def test_list_leads_those_who_may_change_subscribers_to_files(boss, client):
    links = [f'href="{LIST}import/"', f'href="{LIST}export/']
    assert [link in boss.get(LIST).content.decode() for link in links] == [True, True]

    looker = make_user(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_subscriber"))
    client.force_login(looker)
    page = client.get(LIST).content.decode()
    assert f'href="{LIST}growth/"' in page
    assert [link in page for link in links] == [False, False]
