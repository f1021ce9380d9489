"""Watches the sources of what editors picked: titles that change, links that die."""
