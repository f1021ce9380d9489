"""The way back in for whoever has lost the phone and cannot ask another administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.models import User
from newsandtimes.login import second_factor, sessions


class Command(BaseCommand):
    help = "Take somebody's second factor away and end all their logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user “{username}”.")
        count = second_factor.reset(user)
        sessions.end_all(user)
        self.stdout.write(
            f"“{username}” logs in with the password alone now."
            if count
            else f"“{username}” had no second factor. All logins ended."
        )
