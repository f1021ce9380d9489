"""Pages that are the same for everybody, and so may be kept: by our cache and by who asks."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

_MARK = "is_for_everyone"


def for_everyone[**P, R: HttpResponseBase](view: Callable[P, R]) -> Callable[P, R]:
    """Mark what a view shows as the same for everybody who asks for its path; GET and HEAD only.

    Such a view may look at nothing of the visitor: no session, no cookie, no language. Asked with
    a query, it is kept by no cache of ours.
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


def is_held(request: HttpRequest, *, etag: str, last_modified: str | None) -> bool:
    """Whether who asks has this very version, so that 304 is the answer (RFC 9110, 13.2.2).

    If-None-Match wins over If-Modified-Since. A date counts only if it is the very one that we
    gave: what was taken away can make a page older than it was, and it is another one all the same.
    """
    if "If-None-Match" in request.headers:
        answer = get_conditional_response(request, etag=etag, response=HttpResponse())
        return answer is not None and answer.status_code == 304
    since = request.headers.get("If-Modified-Since")
    return since is not None and since == last_modified
