"""What the newsroom's scripts ask of the library of pictures: find, upload, describe."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from blog import finding, library
from blog.image_forms import WordsForm
from blog.models import Image
from blog.pictures import reading
from blog.pictures.errors import PictureError, TooLargeError
from blog.rights import user_of

PER_PAGE = 24
LAST_PAGE = 1000
ENVELOPE_BYTES = 64 * 1024
"""What a form may weigh beside its file."""


class ImageEndpoints(admin.ModelAdmin[Image]):
    """Mixed into the pictures' admin: addresses that answer with JSON."""

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses."""
        view = self.admin_site.admin_view
        return [
            path("choose/", view(self.choose_view), name="blog_image_choose"),
            path("upload/", self._weighed(view(self.upload_view)), name="blog_image_upload"),
            path("<int:pk>/describe/", view(self.describe_view), name="blog_image_describe"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def choose_view(self, request: HttpRequest) -> JsonResponse:
        """List the newest pictures in which each word of ``?q=`` begins one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("page", "1")
        number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
        start = (max(1, min(number, LAST_PAGE)) - 1) * PER_PAGE
        rows, words = Image.objects.all(), request.GET.get("q", "").strip()
        if words:
            rows = finding.find(rows, words)
        images = [library.shown(image) for image in rows[start : start + PER_PAGE + 1]]
        return JsonResponse({"images": images[:PER_PAGE], "more": len(images) > PER_PAGE})

    @method_decorator(require_POST)
    def upload_view(self, request: HttpRequest) -> JsonResponse:
        """Take one file into the library: 201; 200 for one that is there already."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            return _refused(_t("No file came. Choose one and try again."))
        form = WordsForm(request.POST)
        if not form.is_valid():
            return _refused(_sentence(form))
        try:
            added = library.add(upload, by=user_of(request), **form.cleaned_data)
        except TooLargeError as error:
            return _refused(str(error), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except PictureError as error:
            return _refused(str(error))
        if added.is_new:
            self.log_addition(request, added.image, [{"added": {}}])
        status = HTTPStatus.CREATED if added.is_new else HTTPStatus.OK
        answer = library.shown(added.image) | {"existing": not added.is_new}
        return JsonResponse(answer, status=status)

    @method_decorator(require_POST)
    def describe_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Set the words of a picture: those of alt, caption and credit that are sent."""
        image = self.get_object(request, str(pk))
        if image is None:
            raise Http404
        if not self.has_change_permission(request, image):
            return _refused(
                _t("You may not change this picture: it is somebody else’s. Ask an editor."),
                HTTPStatus.FORBIDDEN,
            )
        form = WordsForm(request.POST, instance=image)
        if not form.is_valid():
            return _refused(_sentence(form))
        if form.changed_data:
            form.instance.save(update_fields=[*form.changed_data])
            self.log_change(request, image, [{"changed": {"fields": form.changed_data}}])
        return JsonResponse(library.shown(image))

    def _weighed(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """Refuse what is too heavy before a byte of it is read.

        ``view`` looks at the token against forged requests itself; the middleware, which would
        do so first, reads the whole body for it.
        """

        @csrf_exempt
        def weigh(request: HttpRequest) -> HttpResponseBase:
            length = request.META.get("CONTENT_LENGTH") or "0"
            if not length.isdecimal() or int(length) > reading.MAX_BYTES + ENVELOPE_BYTES:
                error = TooLargeError("", max_bytes=reading.MAX_BYTES)
                return _refused(str(error), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return view(request)

        return weigh


def _refused(sentence: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


def _sentence(form: WordsForm) -> str:
    return " ".join(
        f"{form.fields[name].label}: {error}"
        for name, errors in form.errors.items()
        for error in errors
    )
