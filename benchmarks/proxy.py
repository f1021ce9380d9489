"""Puts nginx, set up by deploy/nginx.conf, in front of a running site."""

import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.servers import ROOT, free_port

SHIPPED = ROOT / "deploy" / "nginx.conf"


@dataclass(frozen=True)
class Proxy:
    """A running nginx: its address, and that of a file with the bytes of the page."""

    url: str
    file_url: str


@contextmanager
def behind_nginx(site_url: str, folder: Path, *, path: str = "/") -> Iterator[Proxy]:
    """Serve a site through nginx for the length of the block; ``folder`` must not exist yet.

    Without TLS and on a free port; all else is as shipped. The page at ``path`` is laid down as a
    file beside it.
    """
    files = folder / "files"
    files.mkdir(parents=True)
    page = urllib.request.urlopen(site_url + path, timeout=10).read()  # noqa: S310  our own site
    (files / "page.html").write_bytes(page)
    port, file_port = free_port(), free_port()
    config = folder / "nginx.conf"
    config.write_text(_config(folder, site_url=site_url, port=port, file_port=file_port))
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([binary, "-c", config, "-g", "daemon off;"])
    proxy = Proxy(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{file_port}/page.html")
    try:
        _wait_for(proxy.file_url)
        yield proxy
    finally:
        process.terminate()
        process.wait(timeout=30)


def _config(folder: Path, *, site_url: str, port: int, file_port: int) -> str:
    """Return a whole configuration around what is shipped."""
    shipped = re.sub(r"    ssl_\w+ .*\n", "", SHIPPED.read_text())
    for theirs, ours in [
        ("/var/cache/nginx/newsandtimes", f"{folder}/cache"),
        ("127.0.0.1:8000", urlsplit(site_url).netloc),
        ("listen 443 ssl http2", f"listen 127.0.0.1:{port}"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
    ]:
        if theirs not in shipped:
            raise ValueError(f"deploy/nginx.conf does not say {theirs!r} any more")
        shipped = shipped.replace(theirs, ours)
    user = "user root;" if os.getuid() == 0 else ""
    return f"""{user}
        worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
        events {{ worker_connections 1024; }}
        http {{
            include /etc/nginx/mime.types; access_log off; sendfile on;
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
            scgi_temp_path {folder}/scgi;
            server {{ listen 127.0.0.1:{file_port}; root {folder}/files; }}
            {shipped}
        }}"""


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  our own server
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
