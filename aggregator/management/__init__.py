"""The aggregator's part in manage.py."""
