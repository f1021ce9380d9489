"""A real HTTP server on loopback that answers what a test tells it to, byte for byte."""

import contextlib
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from django.utils import timezone

from aggregator.models import Feed
from tests.factories import make_feed

FEEDS = Path(__file__).parent.parent / "data" / "feeds"
LOOPBACK = ("127.0.0.0/8", "::1/128")


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    delay_s: float = 0
    promised_length: int = 0


@dataclass
class Asked:
    path: str
    headers: dict
    at: float
    method: str = "GET"
    body: bytes = b""


class FeedServer:
    """``answers[path]`` is an Answer, or a list of them of which the last one stays.

    ``answers["HEAD /path"]`` is what HEAD alone is told.
    """

    def __init__(self, address="127.0.0.1"):
        self.answers = {}
        self.asked = []
        self.at_once = self.most_at_once = 0
        self.ignores_validators = False
        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer((address, 0), _handler_for(self))
        self._server.daemon_threads = True
        self.host = f"{address}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01])
        self._thread.start()

    def url(self, path="/feed"):
        return f"http://{self.host}{path}"

    def close(self):
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def next_answer(self, path, method="GET"):
        answers = self.answers.get(path, Answer(status=404))
        answers = self.answers.get(f"{method} {path}", answers)
        if isinstance(answers, list):
            return answers.pop(0) if len(answers) > 1 else answers[0]
        return answers


def _handler_for(server):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            with server.lock:
                server.at_once += 1
                server.most_at_once = max(server.most_at_once, server.at_once)
                server.asked.append(self._asked())
                answer = server.next_answer(self.path, self.command)
            time.sleep(answer.delay_s)
            with server.lock:
                server.at_once -= 1
            self._send(answer)

        def do_POST(self):
            self.do_GET()

        def do_HEAD(self):
            self.do_GET()

        def _asked(self):
            length = int(self.headers.get("Content-Length", 0))
            return Asked(
                self.path,
                dict(self.headers),
                time.monotonic(),
                self.command,
                self.rfile.read(length),
            )

        def _send(self, answer):
            is_known = not server.ignores_validators and answer.headers.get(
                "ETag", 0
            ) == self.headers.get("If-None-Match")
            self.send_response(304 if is_known else answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if not is_known:
                self.send_header("Content-Length", answer.promised_length or len(answer.body))
            self.end_headers()
            if not is_known and self.command != "HEAD":
                # Who has heard enough hangs up.
                with contextlib.suppress(OSError):
                    self.wfile.write(answer.body)

        def log_message(self, *args):
            pass

    return Handler


def rss(*titles, extra=""):
    items = "".join(
        f"<item><title>{title}</title><link>https://outlet.example/{number}</link>"
        f"<guid isPermaLink='false'>{number}</guid>"
        f"<pubDate>Fri, 20 Nov 2026 {10 - number:02}:00:00 GMT</pubDate></item>"
        for number, title in enumerate(titles)
    )
    return (
        f'<rss version="2.0"><channel><title>Outlet</title><link>https://outlet.example/</link>'
        f"<description>-</description>{extra}{items}</channel></rss>"
    ).encode()


def feed_at(server, path="/feed", **fields):
    return make_feed(url=server.url(path), **fields)


def make_due():
    Feed.objects.update(next_poll_at=timezone.now())
