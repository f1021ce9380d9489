"""The newsletter's part in manage.py."""
