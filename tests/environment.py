"""The environment every test run has; loaded as a plugin before Django reads its settings.

DATABASE_URL and CACHE_URL may come from outside: so the same tests run on PostgreSQL and Redis.
"""

import os
import tempfile
from urllib.parse import urlsplit

os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ.setdefault("CACHE_URL", "locmemcache://")
if os.environ["CACHE_URL"].startswith("redis"):
    # Each process of a parallel run has a database of its own: clearing a cache empties it.
    address = urlsplit(os.environ["CACHE_URL"])
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    database = (int(address.path.strip("/") or 0) + int(worker)) % 15
    os.environ["CACHE_URL"] = address._replace(path=f"/{database}").geturl()
os.environ |= {
    "ENV_FILE": "",
    "DEVELOPMENT": "1",
    "DEBUG": "0",
    "SECRET_KEY": "only-for-tests-" * 5,
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DATA_DIR": tempfile.mkdtemp(prefix="newsandtimes-tests-"),
    "EMAIL_URL": "memory:",
    "TASKS_BACKEND": "django.tasks.backends.immediate.ImmediateBackend",
    "FETCH_ALLOWED_NETWORKS": "",
    "PAGE_CACHE": "0",  # tests of it and the browser's switch it on
}
