"""Turns the addresses in the environment (mail, storage, database) into Django's settings."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from newsandtimes.mail_providers import PROVIDERS, provider_mailer

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"  # readers never wait for the one writer
    "PRAGMA synchronous=NORMAL;"  # safe under WAL: a power cut loses at most the last commits
    "PRAGMA wal_autocheckpoint=4000;"  # pages: the log goes into the file every 16 MB
    "PRAGMA journal_size_limit=67108864;"
    "PRAGMA cache_size=-20000;"
    "PRAGMA temp_store=MEMORY"
)
SQLITE_BUSY_TIMEOUT_S = 30
SQLITE_CONNECTION_MAX_AGE_S = 30

SMTP_SCHEMES = {
    "smtp": {},
    "smtp+tls": {"use_tls": True},
    "smtps": {"use_tls": True},
    "smtp+ssl": {"use_ssl": True},
}
SMTP_DEFAULT_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 587, "smtp+ssl": 465}


def tuned_database(config: dict[str, Any]) -> dict[str, Any]:
    """Add what web, worker and poller need to share one database to a parsed DATABASE_URL."""
    options: dict[str, Any] = config.setdefault("OPTIONS", {})
    if config["ENGINE"] == "django.db.backends.sqlite3":
        _make_folder_of(config["NAME"])
        options.setdefault("init_command", SQLITE_PRAGMAS)
        options.setdefault("timeout", SQLITE_BUSY_TIMEOUT_S)
        # A transaction that will write says so at its start: it then waits for its turn,
        # where a DEFERRED one fails at once with "database is locked" when it upgrades.
        options.setdefault("transaction_mode", "IMMEDIATE")
        # Opening it takes longer than most of what is asked. Not for ever: a restored file is
        # another one, and whoever has the former one open does not see it.
        config.setdefault("CONN_MAX_AGE", SQLITE_CONNECTION_MAX_AGE_S)
    else:
        config.setdefault("CONN_MAX_AGE", 600)
        config.setdefault("CONN_HEALTH_CHECKS", True)
    return config


def _make_folder_of(database: str) -> None:
    if ":memory:" in database:
        return
    folder = Path(database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The database's folder {folder} cannot be made ({error.strerror}): "
            "let DATA_DIR or DATABASE_URL name one that can be written."
        ) from error


def mailer(url: str, *, timeout_s: int = 30) -> dict[str, Any]:
    """Turn EMAIL_URL into one entry of MAILERS.

    ``smtp://user:password@host:port``, ``smtp+tls://`` (STARTTLS), ``smtp+ssl://``,
    ``file:///folder``, ``console:`` and ``memory:`` are understood, and providers' APIs
    (newsandtimes.mail_providers).

    Raises ImproperlyConfigured for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme in SMTP_SCHEMES:
        if not parts.hostname:
            raise ImproperlyConfigured("EMAIL_URL names no mail server: smtp://host:port")
        return {
            "BACKEND": "newsletter.smtp.EmailBackend",
            "OPTIONS": {
                "host": parts.hostname,
                "port": parts.port or SMTP_DEFAULT_PORTS[parts.scheme],
                "username": unquote(parts.username or ""),
                "password": unquote(parts.password or ""),
                "timeout": timeout_s,
                **SMTP_SCHEMES[parts.scheme],
            },
        }
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": unquote(parts.path)},
        }
    if parts.scheme in {"console", "memory"}:
        kind = "locmem" if parts.scheme == "memory" else "console"
        return {"BACKEND": f"django.core.mail.backends.{kind}.EmailBackend"}
    if entry := provider_mailer(url, timeout_s=timeout_s):
        return entry
    raise ImproperlyConfigured(
        f"EMAIL_URL has the unknown kind {parts.scheme!r}: use smtp://, smtp+tls://, smtp+ssl://, "
        f"file://, console: or {', '.join(f'{name}://' for name in sorted(PROVIDERS))}"
    )


def media_storage(url: str) -> dict[str, Any]:
    """Turn STORAGE_URL into the default entry of STORAGES.

    ``file:///folder`` keeps uploads on disk. ``s3://key:secret@host[:port]/bucket`` keeps them in
    any S3-compatible store; ``?region=…``, ``?domain=…`` (the public host of the files) and
    ``?tls=no`` are optional, and without key and secret the machine's own role is used.

    Raises ImproperlyConfigured for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": Path(unquote(parts.path)), "base_url": "/media/"},
        }
    if parts.scheme == "s3":
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _s3_options(url)}
    raise ImproperlyConfigured(
        f"STORAGE_URL has the unknown kind {parts.scheme!r}: use file:///folder or s3://host/bucket"
    )


def originals_storage(url: str) -> dict[str, Any]:
    """Return the entry of STORAGES for pictures as they came, which nothing serves.

    ``url`` is that of a folder or of a bucket, there under ``originals/``, which must be private.
    """
    entry = media_storage(url)
    if entry["BACKEND"].endswith("S3Storage"):
        for_readers = ("custom_domain", "object_parameters")
        options = {name: v for name, v in entry["OPTIONS"].items() if name not in for_readers}
        entry["OPTIONS"] = options | {"location": "originals", "querystring_auth": True}
    return entry


def search_backend(url: str) -> dict[str, Any]:
    """Return the entry of MODELSEARCH_BACKENDS for an OpenSearch server, or for the database.

    The index's prefix is the path: ``https://user:password@search.example.org/review-``.
    """
    if not url:
        return {"BACKEND": "newsandtimes.search.database"}
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured("SEARCH_URL must be the address of an OpenSearch server")
    return {
        "BACKEND": "newsandtimes.search.opensearch",
        "HOSTS": [_opensearch_host(parts)],
        "INDEX_PREFIX": parts.path.strip("/") or "newsandtimes-",
    }


def _opensearch_host(parts: SplitResult) -> dict[str, Any]:
    is_secure = parts.scheme == "https"
    host: dict[str, Any] = {
        "host": parts.hostname,
        "port": parts.port or (443 if is_secure else 9200),
        "use_ssl": is_secure,
        "verify_certs": is_secure,
    }
    if parts.username:
        host["http_auth"] = (unquote(parts.username), unquote(parts.password or ""))
    return host


def media_origins(storage: dict[str, Any]) -> list[str]:
    """Return the origins, other than our own, from which pages show uploads."""
    options = storage.get("OPTIONS", {})
    if "custom_domain" in options:
        return [f"https://{options['custom_domain']}"]
    return [options["endpoint_url"]] if "endpoint_url" in options else []


def _s3_options(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    bucket = parts.path.strip("/")
    if not parts.hostname or not bucket:
        raise ImproperlyConfigured("STORAGE_URL must name host and bucket: s3://host/bucket")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    scheme = "http" if query.get("tls") == "no" else "https"
    port = f":{parts.port}" if parts.port else ""
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "endpoint_url": f"{scheme}://{parts.hostname}{port}",
        "file_overwrite": False,
        "querystring_auth": False,
        "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
    }
    if parts.username:
        options["access_key"] = unquote(parts.username)
        options["secret_key"] = unquote(parts.password or "")
    if "region" in query:
        options["region_name"] = query["region"]
    if "domain" in query:
        options["custom_domain"] = query["domain"]
    return options
