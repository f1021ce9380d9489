"""Put into the search index what waits; with --rebuild, everything anew."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from newsandtimes.search import updating
from newsandtimes.search.models import Kind


class Command(BaseCommand):
    help = (
        "Put into the search index what waits. Ctrl-C stops it at any time; it goes on from there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="put everything in anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            updating.rebuild()
        left = updating.left()
        self.stdout.write(f"{sum(left.values()):,} rows wait")
        done, told, started = 0, 0.0, time.monotonic()
        try:
            for step in updating.steps():
                done += step.done
                left[step.kind] -= step.done
                if time.monotonic() - told > 1:
                    told = time.monotonic()
                    self.tell(done, left, told - started)
        except KeyboardInterrupt:
            self.stdout.write("Stopped; the same command or the worker goes on from here.")
            return
        self.tell(done, left, time.monotonic() - started)
        if updating.is_busy():
            self.stdout.write("Another process is at it.")

    def tell(self, done: int, left: dict[Kind, int], took_s: float) -> None:
        rows = ", ".join(f"{max(n, 0):,} {kind.name.lower()}s" for kind, n in left.items())
        rate = done / took_s if took_s else 0
        self.stdout.write(f"{done:,} done ({rate:,.0f} a second), left: {rows}")
