"""Starts the site, or the bare reference, under an application server in a process of its own."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]

    def memory_mib(self) -> float:
        """Return the proportional memory of the server and its workers."""
        parent = psutil.Process(self.process.pid)
        family = [parent, *parent.children(recursive=True)]
        return sum(member.memory_full_info().pss for member in family) / 2**20


def command_of(
    server: str, application: str, *, port: int, workers: int, threads: int
) -> list[str]:
    """Return the command line that serves a WSGI ``application``."""
    if server == "granian":
        options = f"--interface wsgi --no-ws --port {port} --workers {workers}"
        return [
            str(BIN / "granian"),
            *options.split(),
            f"--blocking-threads={threads}",
            "--log-level=warning",
            application,
        ]
    options = f"--bind 127.0.0.1:{port} --workers {workers} --threads {threads}"
    return [str(BIN / "gunicorn"), *options.split(), "--log-level=warning", application]


def site_environment(folder: Path) -> dict[str, str]:
    """Return the environment of a production site whose data lie in ``folder``.

    BENCHMARK_DATABASE_URL puts its database elsewhere.
    """
    return {
        "DJANGO_SETTINGS_MODULE": "newsandtimes.settings",
        "ENV_FILE": "",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SITE_URL": "http://127.0.0.1",
        "DATA_DIR": str(folder),
        "DATABASE_URL": os.environ.get("BENCHMARK_DATABASE_URL", f"sqlite:///{folder}/db.sqlite3"),
        "STATIC_ROOT": str(folder / "static"),
    }


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    server: str, application: str, environment: dict[str, str], *, workers: int, threads: int
) -> Iterator[Server]:
    """Serve ``application`` for the length of the block."""
    port = free_port()
    process = subprocess.Popen(
        command_of(server, application, port=port, workers=workers, threads=threads),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process)
        yield Server(url=url, process=process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{url} did not start")
