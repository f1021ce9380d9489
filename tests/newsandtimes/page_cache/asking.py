"""What the tests of the page cache share: a time, and ways to ask for a page."""

import http.client
import io
from contextlib import closing
from datetime import UTC, datetime

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from newsandtimes.wsgi import application

NOON = datetime(2026, 11, 24, 12, 0, 20, tzinfo=UTC)


def body(client, path="/"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def fetch(server):
    address = server.thread
    with closing(http.client.HTTPConnection(address.host, address.port, timeout=20)) as line:
        line.request("GET", "/", headers={"Connection": "close"})
        return line.getresponse().read().decode()


def ask(path="/", *, application=application, **environ):
    """Ask a WSGI application as a server does; return status, headers and body."""
    said = []
    asked = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    } | environ
    # As the test client does: the test's transaction is open in this connection.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        parts = application(asked, lambda status, headers: said.append((status, headers)))
        content = b"".join(parts)
        getattr(parts, "close", lambda: None)()
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    status, headers = said[0]
    return status, dict(headers), content
