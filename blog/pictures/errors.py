"""Why a file is not taken in as a picture. Each error is a sentence for the person who sent it."""

from pathlib import PurePosixPath

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from blog.text import clean_line, excerpt

SHOWN_NAME_LENGTH = 80


class PictureError(Exception):
    """A file that is refused. ``str()`` of it names the file and says what to do."""


class NotAPictureError(PictureError):
    """The content is no picture of a kind that is read here, whatever its name says."""

    def __init__(self, name: str) -> None:
        words = gettext(
            "“%(name)s” is not a picture that can be used here. "
            "Send a JPEG, PNG, GIF, WebP, AVIF or HEIC file."
        )
        super().__init__(words % {"name": shown(name)})


class DrawingError(PictureError):
    """An SVG: it may hold scripts."""

    def __init__(self, name: str) -> None:
        words = gettext(
            "“%(name)s” is an SVG drawing, which may hold scripts. Export it as PNG and send that."
        )
        super().__init__(words % {"name": shown(name)})


class TooLargeError(PictureError):
    """More bytes than are read."""

    def __init__(self, name: str, *, max_bytes: int) -> None:
        words = gettext("“%(name)s” is too large: at most %(size)s. Save it smaller and try again.")
        super().__init__(words % {"name": shown(name), "size": filesizeformat(max_bytes)})


class TooManyPixelsError(PictureError):
    """More pixels than are decoded; told from the header alone."""

    def __init__(self, name: str, *, max_pixels: int) -> None:
        words = gettext(
            "“%(name)s” has too many pixels: at most %(most)d million. "
            "Make it smaller and try again."
        )
        super().__init__(words % {"name": shown(name), "most": max_pixels // 1_000_000})


class TooLongError(PictureError):
    """An animation of more frames than are looked at."""

    def __init__(self, name: str) -> None:
        words = gettext("“%(name)s” is too long an animation. Make it shorter or smaller.")
        super().__init__(words % {"name": shown(name)})


class DamagedError(PictureError):
    """The header is that of a picture, the rest cannot be read."""

    def __init__(self, name: str) -> None:
        words = gettext(
            "“%(name)s” is damaged or not complete. Open it on your own machine, "
            "save it anew and try again."
        )
        super().__init__(words % {"name": shown(name)})


def shown(name: str) -> str:
    """Return the name of a file as it may stand in a sentence: no folders, no tricks, no end."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return excerpt(clean_line(last), max_length=SHOWN_NAME_LENGTH) or gettext("The file")
