"""Feeds of what we publish: one form of an item (``item.py``), three ways to write it."""
