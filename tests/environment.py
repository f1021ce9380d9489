"""The environment every test run has; loaded as a plugin before Django reads its settings.

DATABASE_URL and CACHE_URL may come from outside: so the same tests run on PostgreSQL and Redis.
"""

import os
import tempfile

os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ.setdefault("CACHE_URL", "locmemcache://")
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
}
