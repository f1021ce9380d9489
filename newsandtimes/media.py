"""Serves pictures where they lie on this machine's disk: only what is public, only as pictures."""

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe
from django.views.static import serve

from blog.models import Image
from blog.pictures import plan
from blog.pictures.errors import PictureError
from blog.renditions import clean_copy

CONTENT_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
"""What a file is served as, by its extension, which is always ours; nothing else is served."""
FOR_EVER = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=300"


@require_safe
@csp_override({"default-src": [CSP.NONE]})
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a public picture. Names are random and never used again: they may be kept for ever."""
    content_type = CONTENT_TYPES.get(PurePosixPath(path).suffix.lower(), "")
    if not content_type or not isinstance(default_storage, FileSystemStorage):
        return _no_file()
    try:
        response = _answer(request, path, default_storage)
    except (Http404, SuspiciousFileOperation, OSError, PictureError):  # a name may be too long
        return _no_file()
    response["Content-Type"] = content_type
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _answer(request: HttpRequest, path: str, storage: FileSystemStorage) -> HttpResponseBase:
    top = path.partition("/")[0]
    if top == plan.OLD_FOLDER and not _is_clean(path):
        return HttpResponse(clean_copy(path), headers={"Cache-Control": FOR_NOW})
    if top not in {plan.FOLDER, plan.OLD_FOLDER}:
        raise Http404
    response = serve(request, path, document_root=str(storage.location))
    response["Cache-Control"] = FOR_EVER
    return response


def _is_clean(path: str) -> bool:
    """Whether the worker has taken the metadata off this upload of former times."""
    clean = Image.objects.filter(stage__in=[Image.Stage.CLEAN, Image.Stage.READY])
    return clean.filter(file=path).exists()


def _no_file() -> HttpResponse:
    return HttpResponseNotFound("There is no such file.", content_type="text/plain; charset=utf-8")
