"""Pages that are the same for everybody, and so may be kept by a cache."""

from collections.abc import Callable
from functools import wraps

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

_MARK = "is_for_everyone"


def for_everyone[**P, R: HttpResponseBase](view: Callable[P, R]) -> Callable[P, R]:
    """Mark what a view shows as the same for everybody who asks for its path; GET and HEAD only.

    Such a view may look at nothing of the visitor: no session, no cookie, no query, no language.
    """

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> R:
        response = view(*args, **kwargs)
        setattr(response, _MARK, True)
        return response

    only_safe: Callable[P, R] = require_safe(marked)
    return only_safe


def is_for_everyone(response: HttpResponseBase) -> bool:
    """Whether a view that is marked so has made the response."""
    return getattr(response, _MARK, False)
