"""Does something for each of many, so that one that fails stops none of the others."""

import logging
from collections.abc import Callable, Iterable

logger = logging.getLogger(__name__)


def for_each[T, R](things: Iterable[T], act: Callable[[T], R]) -> list[R]:
    """Return what ``act`` returns for each; raises ExceptionGroup in the end if any has failed."""
    done: list[R] = []
    failed: list[Exception] = []
    for thing in things:
        try:
            done.append(act(thing))
        except Exception as error:
            logger.exception("An edition could not be taken on")
            failed.append(error)
    if failed:
        raise ExceptionGroup("not all editions could be taken on", failed)
    return done
