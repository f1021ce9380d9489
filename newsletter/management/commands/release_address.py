"""Let mail go again to one address."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsletter import suppression
from newsletter.addresses import InvalidAddressError, email_key
from newsletter.models import Subscriber


class Command(BaseCommand):
    help = (
        "Let mail go again to an address to which it was stopped, or let it sign up again after "
        "it was erased."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = email_key(options["address"])
        except InvalidAddressError as error:
            raise CommandError("This is no e-mail address.") from error
        subscriber = Subscriber.objects.filter(email_key=key).first()
        if subscriber and suppression.release(subscriber, now=timezone.now(), by="newsroom"):
            self.stdout.write(f"Mail goes again: {subscriber.get_state_display()}.")
        elif suppression.forgive(key):
            self.stdout.write("The address may sign up again.")
        else:
            raise CommandError("Mail to this address was not stopped.")
