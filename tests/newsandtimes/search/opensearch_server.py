"""A small server on loopback that speaks the few endpoints of OpenSearch that we use.

It keeps documents by their mapping and evaluates the queries that it knows; what it does not know
it refuses with 400, as OpenSearch refuses what is no query. It is no OpenSearch: it shows that our
requests are well-formed and mean what we think, not that a given release takes them.
"""

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit


class RefusedError(Exception):
    """A request that makes no sense."""


class Index:
    """Documents and how their fields are indexed."""

    def __init__(self, settings):
        if "analysis" not in settings["settings"]:
            raise RefusedError("no analysis")
        self.properties = {}
        self.documents = {}

    def put(self, key, document):
        if unknown := set(document) - set(self.properties):
            raise RefusedError(f"no mapping for {unknown}")
        self.documents[key] = document

    def tokens(self, document, field):
        """Return the tokens of each value that stands in a text field."""
        if field not in self.properties or self.properties[field]["type"] != "text":
            raise RefusedError(f"{field} is no text")
        sources = [field] + [
            name for name, one in self.properties.items() if field in _listed(one.get("copy_to"))
        ]
        values = [document[name] for name in sources if isinstance(document.get(name), str)]
        return [value.lower().split() for value in values]

    def values(self, document, field):
        if field not in self.properties or self.properties[field]["type"] == "text":
            raise RefusedError(f"{field} is not to be filtered by")
        return _listed(document.get(field))


def _listed(value):
    return value if isinstance(value, list) else [value]


def score(index, document, query):
    """Return the score of a document, or None where it does not match."""
    ((kind, body),) = query.items()
    return _KINDS.get(kind, _unknown)(index, document, body)


def _unknown(*_):
    raise RefusedError("an unknown query")


def _bool(index, document, body):
    if set(body) - {"must", "filter", "must_not", "should"}:
        raise RefusedError(f"bool with {set(body)}")
    total = 0
    for part in _clauses(body, "must"):
        found = score(index, document, part)
        if found is None:
            return None
        total += found
    if any(score(index, document, part) is None for part in _clauses(body, "filter")):
        return None
    if any(score(index, document, part) is not None for part in _clauses(body, "must_not")):
        return None
    if should := _clauses(body, "should"):
        found = [one for part in should if (one := score(index, document, part)) is not None]
        return total + sum(found) if found else None
    return total


def _clauses(body, name):
    return [part for part in _listed(body.get(name, [])) if part]


def _dis_max(index, document, body):
    found = [score(index, document, part) for part in body["queries"]]
    return max((one for one in found if one is not None), default=None)


def _match(index, document, body):
    ((field, asked),) = body.items()
    asked = asked if isinstance(asked, dict) else {"query": asked}
    if index.properties[field]["type"] == "keyword":
        return 1.0 if asked["query"] in index.values(document, field) else None
    words = asked["query"].lower().split()
    there = {word for tokens in index.tokens(document, field) for word in tokens}
    wanted = all if asked.get("operator") == "and" else any
    return asked.get("boost", 1.0) if wanted(word in there for word in words) else None


def _match_phrase(index, document, body):
    ((field, asked),) = body.items()
    asked = asked if isinstance(asked, dict) else {"query": asked}
    words = f" {asked['query'].lower()} "
    found = any(words in f" {' '.join(tokens)} " for tokens in index.tokens(document, field))
    return asked.get("boost", 1.0) if found else None


def _term(index, document, body):
    ((field, value),) = body.items()
    return 1.0 if value in index.values(document, field) else None


def _range(index, document, body):
    ((field, limits),) = body.items()
    (value,) = index.values(document, field)
    tests = {"lte": value <= limits.get("lte", value), "gte": value >= limits.get("gte", value)}
    return 1.0 if all(tests[name] for name in limits) else None


_KINDS = {
    "bool": _bool,
    "dis_max": _dis_max,
    "match": _match,
    "match_phrase": _match_phrase,
    "term": _term,
    "range": _range,
}


class OpenSearchServer(ThreadingHTTPServer):
    """The server; ``indexes`` is what it holds."""

    daemon_threads = True

    def __init__(self):
        self.indexes = {}
        self.requests = []
        self.is_broken = False
        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    # What each request does: the method and the path, by pattern.

    def exists(self, name, **_):
        return (200 if name in self.indexes else 404), {}

    def create(self, name, body, **_):
        self.indexes[name] = Index(json.loads(body))
        return 200, {"acknowledged": True}

    def put_mapping(self, name, body, **_):
        self.indexes[name].properties |= json.loads(body)["properties"]
        return 200, {"acknowledged": True}

    def bulk(self, body, name="", **_):
        lines = [json.loads(line) for line in body.splitlines() if line]
        items = []
        while lines:
            ((action, meta),) = lines.pop(0).items()
            index = self.indexes[meta.get("_index", name)]
            if action == "index":
                index.put(meta["_id"], lines.pop(0))
                items.append({"index": {"status": 201, "_id": meta["_id"]}})
            elif action == "delete":
                status = 200 if index.documents.pop(meta["_id"], None) else 404
                items.append({"delete": {"status": status, "_id": meta["_id"]}})
            else:
                raise RefusedError(f"an unknown action {action}")
        return 200, {"errors": False, "items": items}

    def msearch(self, body, **_):
        lines = [json.loads(line) for line in body.splitlines() if line]
        pairs = zip(lines[::2], lines[1::2], strict=True)
        return 200, {"responses": [self._answer(head["index"], asked) for head, asked in pairs]}

    def _answer(self, name, asked):
        if name not in self.indexes:
            return {"status": 404, "error": {"type": "index_not_found_exception"}}
        index = self.indexes[name]
        found = [
            (key, document, points)
            for key, document in index.documents.items()
            if (points := score(index, document, asked["query"])) is not None
        ]
        for rule in reversed(asked["sort"]):
            ((field, order),) = rule.items()
            assert order == "desc"
            found.sort(
                key=lambda one: one[2] if field == "_score" else one[1][field],
                reverse=True,
            )
        (date,) = asked["docvalue_fields"]
        hits = [
            {
                "_id": key,
                "_score": points,
                "fields": {"pk": [document["pk"]], date["field"]: [document[date["field"]]]},
            }
            for key, document, points in found[: asked["size"]]
        ]
        return {"status": 200, "hits": {"hits": hits}}

    def scan(self, name, **_):
        hits = [{"_id": key} for key in self.indexes[name].documents]
        shards = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}
        return 200, {"_scroll_id": "one", "_shards": shards, "hits": {"hits": hits}}

    def scroll(self, **_):
        shards = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}
        return 200, {"_scroll_id": "one", "_shards": shards, "hits": {"hits": []}}

    def clear_scroll(self, **_):
        return 200, {"succeeded": True, "num_freed": 1}


_ROUTES = [
    ("HEAD", r"/(?P<name>[a-z0-9_-]+)", OpenSearchServer.exists),
    ("PUT", r"/(?P<name>[a-z0-9_-]+)", OpenSearchServer.create),
    ("PUT", r"/(?P<name>[a-z0-9_-]+)/_mapping", OpenSearchServer.put_mapping),
    ("POST", r"/(?:(?P<name>[a-z0-9_-]+)/)?_bulk", OpenSearchServer.bulk),
    ("PUT", r"/(?:(?P<name>[a-z0-9_-]+)/)?_bulk", OpenSearchServer.bulk),
    ("POST", r"/_msearch", OpenSearchServer.msearch),
    ("GET", r"/_msearch", OpenSearchServer.msearch),
    ("POST", r"/_search/scroll", OpenSearchServer.scroll),
    ("DELETE", r"/_search/scroll", OpenSearchServer.clear_scroll),
    ("POST", r"/(?P<name>[a-z0-9_-]+)/_search", OpenSearchServer.scan),
]


class Handler(BaseHTTPRequestHandler):
    """Finds what a request asks for."""

    def _handle(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        parts = urlsplit(self.path)
        self.server.requests.append((self.command, parts.path, parse_qs(parts.query)))
        self._reply(*self._answer(parts.path, body))

    def _answer(self, path, body):
        if self.server.is_broken:
            return 503, {"error": "broken", "status": 503}
        for method, pattern, answer in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == self.command:
                named = {key: value for key, value in match.groupdict().items() if value}
                try:
                    return answer(self.server, body=body, **named)
                except (RefusedError, KeyError) as error:
                    return 400, {"error": repr(error), "status": 400}
        return 400, {"error": f"no such endpoint: {self.command} {path}", "status": 400}

    def _reply(self, status, answer):
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle  # noqa: N815  its base calls them so

    def log_message(self, *_):
        """Say nothing."""
