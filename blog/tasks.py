"""What the worker and the clock do for the publication."""

import logging
import time
from functools import partial

from crontask import cron
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from blog import icons, renditions, share_images, writing
from blog.models import Image, Post, SiteSettings
from blog.pictures import files

logger = logging.getLogger(__name__)

CATCH_UP_FOR_S = 60
BEHIND_ALL_ELSE = -50
"""The priority of what takes seconds and can wait: mail goes first."""


@task(priority=BEHIND_ALL_ELSE)
def make_renditions(image_id: int) -> bool:
    """Make what readers get of a picture; return whether there was anything to do."""
    return renditions.make(image_id, now=timezone.now())


@cron("*/10 * * * *")  # type: ignore[untyped-decorator]
@task(priority=BEHIND_ALL_ELSE)
def catch_up() -> int:
    """Make what still lacks: of pictures of former times, or after a worker that died."""
    end = time.monotonic() + CATCH_UP_FOR_S
    done = 0
    while time.monotonic() < end:
        image = renditions.to_make(now=timezone.now()).only("pk").first()
        if image is None:
            break
        done += make_one(image.pk)
    return done


def make_one(image_id: int) -> bool:
    """Make one picture's files; one that breaks the maker waits for the next time."""
    try:
        return renditions.make(image_id, now=timezone.now())
    except Exception:
        logger.exception("The files of picture %s could not be made", image_id)
        return False


def wish(*, instance: Image, **_: object) -> None:
    """Take the signal that a picture was saved: the worker makes what it lacks."""
    if instance.stage in {Image.Stage.RAW, Image.Stage.CLEAN}:
        transaction.on_commit(partial(make_renditions.enqueue, instance.pk))


def forget_files(*, instance: Image, **_: object) -> None:
    """Take the signal that a picture was deleted: its files go once that is certain."""
    transaction.on_commit(instance.delete_files)


@task
def draw_icons() -> bool:
    """Draw the site's icons of the picture that is chosen; return whether any changed."""
    return icons.redraw()


def wish_icons(*, instance: SiteSettings, **_: object) -> None:
    """Take the signal that the settings were saved: the worker draws another icon."""
    if instance.icon_folder != icons.wanted_folder(instance.icon):
        transaction.on_commit(draw_icons.enqueue)


@task(priority=BEHIND_ALL_ELSE)
def draw_share_image(post_id: int) -> bool:
    """Draw the picture that goes with a public post without one; return whether it is there."""
    post = Post.objects.published(now=timezone.now()).filter(pk=post_id, image=None).first()
    if post is not None:
        share_images.content_of(post, site=SiteSettings.load())
    return post is not None


def wish_share_image(*, instance: Post, **_: object) -> None:
    """Take the signal that a post was saved."""
    if instance.can_be_withdrawn and instance.image_id is None:
        transaction.on_commit(partial(draw_share_image.enqueue, instance.pk))


def forget_share_image(*, instance: Post, **_: object) -> None:
    """Take the signal that a post was deleted: its picture goes once that is certain."""
    folder = share_images.folder_of(instance.pk)
    transaction.on_commit(partial(files.delete_folder, folder))


@cron("52 3 * * *")  # type: ignore[untyped-decorator]
@task
def sweep_writings() -> int:
    """Forget who had which text open yesterday, and what nobody took up for a month."""
    return writing.sweep(now=timezone.now())
