"""The backend of the database that the site has anyway: its own full text."""

from django.db import connection

if connection.vendor == "postgresql":
    from newsandtimes.search.postgresql import SearchBackend
else:
    from newsandtimes.search.sqlite import SearchBackend

__all__ = ["SearchBackend"]
