"""The Desk: one list of what waits, one decision at a time, each of which can be undone.

``filters.py`` says what is looked at, ``listing.py`` finds it, ``rows.py`` loads what is shown of
it; ``deciding.py`` carries a decision out by the family of its kind (``deeds/``), ``undoing.py``
takes it back, ``bulk.py`` does what concerns many headlines, ``news.py`` tells what others did.
"""
