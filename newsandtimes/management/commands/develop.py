"""Prepare and start the whole site on this machine."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsandtimes import development


class Command(BaseCommand):
    help = "Migrate, make a first editor, load the demo and start web, worker, poller and clock."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave the demo out")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("This is for development; docs/operating.md says how to deploy.")
        port = urlsplit(settings.SITE_URL).port or 8000
        try:
            development.require_free_port(port)
            development.require_writable(settings.DATA_DIR)
        except development.CannotStartError as error:
            raise CommandError(str(error)) from error
        password = development.prepare(with_demo=not options["no_demo"])
        self.announce(password)
        development.start_processes(port=port)

    def announce(self, password: str | None) -> None:
        self.stdout.write(f"\n  Site    {settings.SITE_URL}/\n  Admin   {settings.SITE_URL}/admin/")
        if password:
            self.stdout.write(
                f"  Login   {development.EDITOR_NAME} with the password {password}\n"
                "          (shown this once; `manage.py changepassword editor` sets another)"
            )
        self.stdout.write(f"  Mail    {settings.DATA_DIR / 'mail'}\n  Ctrl-C stops everything.\n")
