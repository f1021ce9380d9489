"""The settings module as a deployment meets it: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECRET = "a-key-for-this-test-only-" * 3
PRODUCTION = {
    "SECRET_KEY": SECRET,
    "SITE_URL": "https://review.example",
    "DATABASE_URL": "sqlite://:memory:",
}


def manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": ""} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_refuses_to_start_without_a_secret():
    result = manage("check", SITE_URL="https://review.example", DATABASE_URL="sqlite://:memory:")
    assert result.returncode == 1
    assert result.stderr.startswith("SECRET_KEY is missing or too short.")
    assert "Traceback" not in result.stderr


def test_production_refuses_to_start_without_an_address():
    result = manage("check", SECRET_KEY=SECRET, DATABASE_URL="sqlite://:memory:")
    assert result.returncode == 1
    assert result.stderr.startswith("SITE_URL must be the public address")


def test_production_check_is_clean():
    result = manage(
        "check",
        "--deploy",
        "--fail-level=DEBUG",
        **PRODUCTION,
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_migrations_are_complete():
    result = manage(
        "makemigrations",
        "--check",
        "--dry-run",
        **PRODUCTION,
    )
    assert (result.returncode, result.stdout) == (0, "No changes detected\n")


def test_data_folder_that_cannot_be_written_is_one_clear_line():
    result = manage("develop", SECRET_KEY=SECRET, DEVELOPMENT="1", DATA_DIR="/dev/null/site")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "/dev/null/site cannot be made" in result.stderr


def test_development_and_a_public_address_exclude_each_other():
    result = manage("check", SECRET_KEY=SECRET, DEVELOPMENT="1", SITE_URL="https://review.example")
    assert result.returncode == 1
    assert result.stderr.startswith("DEVELOPMENT is on")


def test_data_folder_may_hold_any_character(tmp_path):
    folder = tmp_path / "a#b?c +d"
    code = (
        "from django.conf import settings as s;"
        "print(s.DATABASES['default']['NAME'], s.STORAGES['default']['OPTIONS']['location'],"
        "s.MAILERS['default']['OPTIONS']['file_path'], sep='|')"
    )
    result = manage(
        *("shell", "--no-imports", "-c", code),
        SECRET_KEY=SECRET,
        DEVELOPMENT="1",
        DATA_DIR=str(folder),
    )
    assert result.stdout.strip() == f"{folder}/db.sqlite3|{folder}/media|{folder}/mail"
