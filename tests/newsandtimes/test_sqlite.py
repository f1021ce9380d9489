"""Web, worker and poller are processes that write into one SQLite file at the same time."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WRITERS = 4
TRANSACTIONS = 60

# Reads before it writes within one transaction: the order in which a DEFERRED one would fail.
WRITER = f"""
import django; django.setup()
from django.db import transaction
from blog.models import Category
for number in range({TRANSACTIONS}):
    with transaction.atomic():
        first = Category.objects.get(slug="counter")
        Category.objects.filter(pk=first.pk).update(position=first.position + 1)
"""


def test_processes_write_side_by_side_and_lose_nothing(own_file):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "newsandtimes.settings",
        "DATABASE_URL": own_file.url,
    }
    run = {"cwd": ROOT, "env": environment}
    with sqlite3.connect(own_file.path) as connection:
        connection.execute(
            "INSERT INTO blog_category (name, slug, description, position) "
            "VALUES ('Counter', 'counter', '', 0)"
        )
    connection.close()

    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER], stderr=subprocess.PIPE, text=True, **run)
        for _ in range(WRITERS)
    ]
    errors = [writer.communicate()[1] for writer in writers]

    assert errors == [""] * WRITERS
    assert own_file.ask("PRAGMA journal_mode") == [("wal",)]
    assert own_file.ask("PRAGMA integrity_check") == [("ok",)]
    assert own_file.ask("SELECT position FROM blog_category") == [(WRITERS * TRANSACTIONS,)]
