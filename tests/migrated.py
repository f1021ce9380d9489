"""Databases that need no migrating: copies of one that was migrated once.

A hundred migrations take longer than most files of tests. What they leave is kept, from run to
run, under a name made of all that it depends on: another migration makes another one.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.apps import apps

ROOT = Path(__file__).parent.parent
# Shared by all connections of one process, and gone with the last of them.
IN_MEMORY = "file:tests?mode=memory&cache=shared"
KEPT_AS = "newsandtimes_migrated_"


def migrate(url):
    """Migrate the database at url in a process of its own."""
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    environment = os.environ | {"DATABASE_URL": url}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def sqlite_file(folder):
    """Return the path of a migrated SQLite file in folder; make it if there is none."""
    path = folder / f"{KEPT_AS}{_digest()}.sqlite3"
    with _one_at_a_time(folder):
        if not path.exists():
            for older in folder.glob("*.sqlite3*"):
                older.unlink()
            unfinished = folder / "unfinished.sqlite3"
            migrate(f"sqlite:///{unfinished}")
            with closing(sqlite3.connect(unfinished)) as file:
                file.execute("PRAGMA journal_mode = DELETE")  # memory has no write-ahead log
            unfinished.rename(path)
    return path


def postgres_template(folder, url):
    """Return the name of a migrated database on the server of url; make it if there is none.

    The folder holds the lock that keeps processes from making it twice.
    """
    name, unfinished = KEPT_AS + _digest(), f"{KEPT_AS}unfinished"
    with _one_at_a_time(folder):
        present = [row[0] for row in on_server(url, "SELECT datname FROM pg_database")]
        if name not in present:
            for older in (kept for kept in present if kept.startswith(KEPT_AS)):
                on_server(url, f'DROP DATABASE "{older}"')
            on_server(url, f'CREATE DATABASE "{unfinished}"')
            migrate(beside(url, unfinished))
            on_server(url, f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def fill_memory(path):
    """Copy the file at path into the database in memory; returns what keeps that alive."""
    memory = sqlite3.connect(IN_MEMORY, uri=True)
    with closing(sqlite3.connect(path)) as file:
        file.backup(memory)
    return memory


def beside(url, name):
    """Return the URL of another database on the same server."""
    return f"{url.rpartition('/')[0]}/{name}"


def on_server(url, statement):
    """Execute one statement on a PostgreSQL server; returns its rows, if it has any."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as database:
        cursor = database.execute(statement)
        return cursor.fetchall() if cursor.description else []


class OwnFile:
    """A migrated SQLite file for the processes of one test."""

    def __init__(self, folder, kept):
        self.path = folder / "db.sqlite3"
        self.url = f"sqlite:///{self.path}"
        shutil.copy(kept, self.path)

    def ask(self, question):
        """Return the rows of a query."""
        with closing(sqlite3.connect(self.path, timeout=30)) as database:
            return database.execute(question).fetchall()

    def drop(self):
        """Nothing: the folder goes."""


class OwnPostgres:
    """A migrated PostgreSQL database for the processes of one test, on the tests' server."""

    def __init__(self, _folder, kept):
        self._tests = os.environ["DATABASE_URL"]
        self._name = f"test_processes_{os.getpid()}"
        self.url = beside(self._tests, self._name)
        on_server(self._tests, f'CREATE DATABASE "{self._name}" TEMPLATE "{kept}"')

    def ask(self, question):
        """Return the rows of a query."""
        return on_server(self.url, question)

    def drop(self):
        on_server(self._tests, f'DROP DATABASE "{self._name}" WITH (FORCE)')


@contextmanager
def _one_at_a_time(folder):
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _digest():
    digest = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version}".encode())
    files = {ROOT / "blog" / "indexes.py"}  # an operation of ours
    for app in apps.get_app_configs():
        files.update(Path(app.path).glob("migrations/*.py"))
    for path in sorted(files):
        digest.update(f"{path.parent} {path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:20]
