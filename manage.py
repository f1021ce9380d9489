#!/usr/bin/env python
"""Django's command-line entry for The News And Times."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsandtimes.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A mistake in the environment is told in its own words, not as a traceback.
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
