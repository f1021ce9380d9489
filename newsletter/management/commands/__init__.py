"""The newsletter's commands."""
