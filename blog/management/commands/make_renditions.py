"""Makes the files of pictures that readers get; goes on where it was broken off."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from blog import renditions
from blog.models import Image
from blog.tasks import make_one


class Command(BaseCommand):
    help = (
        "Take the metadata off pictures of former times, and make the renditions that lack. "
        "May be interrupted: the next run goes on from there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again",
            action="store_true",
            help="look at every picture again, those that could not be read too",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"]:
            done = Image.objects.filter(stage__in=[Image.Stage.READY, Image.Stage.LOST])
            done.exclude(original="").update(stage=Image.Stage.CLEAN)
            done.filter(original="").update(stage=Image.Stage.RAW)
        total = renditions.to_make(now=timezone.now()).count()
        try:
            for number in range(1, total + 1):
                image = renditions.to_make(now=timezone.now()).first()
                if image is None:
                    break
                make_one(image.pk)
                self.stdout.write(f"{number} of {total}: {image}")
        except KeyboardInterrupt:
            self.stdout.write("Interrupted. Run it again: it goes on from there.")
            return
        lost = Image.objects.filter(stage=Image.Stage.LOST).count()
        self.stdout.write(f"Done. {lost} of the pictures have no file that can be read.")
