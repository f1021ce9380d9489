"""The entry for application servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsandtimes.settings")

_django = get_wsgi_application()

from newsandtimes.page_cache.serving import serve_kept  # noqa: E402  Django is set up by now

application = serve_kept(_django)
