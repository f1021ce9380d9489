"""What `make run` does on one machine: prepare everything, then start the processes."""

import os
import secrets
import socket
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from blog.models import User
from newsandtimes.demo.made import declined_path

EDITOR_NAME = "editor"


class CannotStartError(Exception):
    """Something on this machine stands in the way; the message says what to do."""


def require_free_port(port: int, *, host: str = "127.0.0.1") -> None:
    """Raise CannotStartError if somebody else listens on ``port``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStartError(
                f"Port {port} cannot be used: {error.strerror}. "
                f"Start with another one: make run PORT={port + 1}"
            ) from error


def require_writable(folder: Path) -> None:
    """Make ``folder`` if it is missing; raise CannotStartError if it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotStartError(
            f"The data folder {folder} cannot be written to ({error.strerror}). "
            "Start with another one: make run DATA_DIR=/some/folder"
        ) from error


def create_first_editor() -> str | None:
    """Create a first login if there is none yet; return its password, which is stored nowhere."""
    if User.objects.filter(is_superuser=True).exists():
        return None
    password = secrets.token_urlsafe(9)
    User.objects.create_superuser(EDITOR_NAME, password=password)
    return password


def prepare(*, with_demo: bool) -> str | None:
    """Bring database and demo up to date; return the first editor's password if it is new."""
    call_command("migrate", verbosity=0)
    password = create_first_editor()
    if with_demo and not declined_path().exists():
        call_command("load_demo")
    return password


def start_processes(*, port: int) -> None:
    """Become honcho with the Procfile's processes; does not return. Ctrl-C stops them all."""
    python_bin = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": f"{python_bin}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "SITE_URL": settings.SITE_URL,
        "DATA_DIR": str(settings.DATA_DIR),
        # The site serves the demo's feeds itself. A first knock at its closed door would cost
        # them an hour.
        "POLLER_OPTIONS": f"--after {port}",
    }
    honcho = str(python_bin / "honcho")
    command = [honcho, "--env", "", "start", "--port", str(port)]
    os.execve(honcho, command, environment)  # noqa: S606  honcho is to be this very process
