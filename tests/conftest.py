"""What every test may lean on."""

import itertools
import os
from contextlib import ExitStack, closing

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import timezone, translation

from blog import changes, remembering
from newsandtimes.page_cache import keeping
from tests import migrated, pristine

# How long an example takes says what else the machine does at that moment.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


def pytest_addoption(parser):
    parser.addoption(
        "--no-skips", action="store_true", help="fail if any test is skipped (as in .ci/run)"
    )


def pytest_sessionfinish(session):
    """Where everything is there, a skipped test is a hole in the net."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_collection_modifyitems(items):
    """Skip, with a reason, what needs a service that this run does not have.

    What takes long comes first, so that no process waits for another's last test.
    """
    from django.conf import settings

    items.sort(key=lambda item: "long" not in item.keywords)

    is_postgres = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    is_redis = "redis" in settings.CACHES["default"]["BACKEND"]
    for item in items:
        if "postgres" in item.keywords and not is_postgres:
            item.add_marker(pytest.mark.skip(reason="DATABASE_URL names no PostgreSQL"))
        if "redis" in item.keywords and not is_redis:
            item.add_marker(pytest.mark.skip(reason="CACHE_URL names no Redis"))


@pytest.fixture(scope="session")
def migrated_folder(request):
    """The folder of what is copied instead of migrating."""
    return request.config.cache.mkdir("migrated")


@pytest.fixture(scope="session")
def migrated_copy(migrated_folder):
    """What is copied: the path of a SQLite file, or the name of a PostgreSQL database."""
    if connection.vendor == "postgresql":
        return migrated.postgres_template(migrated_folder, os.environ["DATABASE_URL"])
    return migrated.sqlite_file(migrated_folder)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, migrated_copy):
    """Begin with a copy of the migrated database."""
    options = connection.settings_dict["TEST"]
    if connection.vendor == "postgresql":
        options["TEMPLATE"] = migrated_copy
        yield
        return
    options["NAME"] = migrated.IN_MEMORY
    with closing(migrated.fill_memory(migrated_copy)):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let all tests begin without the collections that migrations make: each makes its own.

    After a test that commits, the database is again as the first one found it.
    """
    from aggregator.models import Collection
    from newsandtimes.models import FrontBlock
    from newsletter.models import Digest

    taken = Digest.collections.through._default_manager.all()
    blocks = FrontBlock.objects.filter(collection__isnull=False)
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            for rows in (blocks, taken, Collection.objects.all()):
                rows.order_by()._raw_delete("default")
            restore = stack.enter_context(pristine.kept())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: restore())
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes():
    """Hash passwords at once: the hash of a live site takes a third of a second on purpose."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _english_in_utc():
    """Start and leave each test in English and UTC, whatever a view or a task activated."""
    translation.activate("en")
    timezone.activate("UTC")
    yield
    translation.activate("en")
    timezone.deactivate()


@pytest.fixture(autouse=True)
def _numbered_anew(monkeypatch):
    """Let no test see in its names, addresses and times how many ran before it."""
    monkeypatch.setattr("tests.factories.numbers", itertools.count(1))


@pytest.fixture(autouse=True)
def _empty_cache():
    yield
    cache.clear()
    keeping.forget_near()
    remembering.forget()


@pytest.fixture
def is_postgres():
    """Whether the tests run on PostgreSQL."""
    return connection.vendor == "postgresql"


@pytest.fixture
def own_database(tmp_path, migrated_copy, is_postgres):
    """A migrated database of the test's own, for processes, of the kind that the tests run on."""
    kind = migrated.OwnPostgres if is_postgres else migrated.OwnFile
    database = kind(tmp_path, migrated_copy)
    yield database
    database.drop()


@pytest.fixture
def own_file(tmp_path, migrated_folder):
    """A migrated SQLite file of the test's own, for processes, whatever the tests run on."""
    return migrated.OwnFile(tmp_path, migrated.sqlite_file(migrated_folder))


@pytest.fixture
def media_folder(settings, tmp_path):
    """Give a test folders of its own for pictures and their originals; returns the public one."""
    local = "django.core.files.storage.FileSystemStorage"
    public = {"location": tmp_path / "media", "base_url": "/media/"}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": local, "OPTIONS": public},
        "originals": {"BACKEND": local, "OPTIONS": {"location": tmp_path / "originals"}},
    }
    return tmp_path / "media"


@pytest.fixture
def moves(django_capture_on_commit_callbacks):
    """Return by how much the generation moves while something is done and committed."""

    def measure(act):
        connection.run_on_commit.clear()  # what the test's own data wait with, for no commit
        before = changes.generation()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return changes.generation() - before

    return measure
