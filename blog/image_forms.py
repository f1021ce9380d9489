"""The forms of the library of pictures."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import library
from blog.models import Image
from blog.pictures import reading
from blog.pictures.errors import PictureError

ACCEPT = "image/jpeg,image/png,image/gif,image/webp,image/avif,image/heic,image/heif,.heic,.heif"
"""What a browser's file dialog offers; what is taken in, the content alone decides."""


class PictureField(forms.FileField):
    """A file that is read as a picture, to its end, before anything is done with it.

    Not Django's own ImageField: that opens a file with every reader that Pillow has.
    """

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse with a sentence what is no picture, and what the library has already."""
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return upload
        try:
            picture = reading.read(upload, name=str(upload.name))
        except PictureError as error:
            raise ValidationError(str(error), code="invalid_image") from error
        found = library.find(picture.digest)
        if found is not None:
            raise ValidationError(_already_there(found), code="duplicate")
        upload.picture = picture  # type: ignore[attr-defined]  # so that it is read once
        return upload


class ImageForm(forms.ModelForm[Image]):
    """A picture and its words. It cannot be saved by hand without a text for those who see none."""

    file = PictureField(
        label=_("File"),
        help_text=_("JPEG, PNG, GIF, WebP, AVIF or HEIC. Where it was taken is not published."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    class Meta:
        model = Image
        fields = ["file", "alt", "caption", "credit", "licence", "focus_x", "focus_y"]
        widgets = {
            "alt": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "focus_x": forms.NumberInput(attrs={"min": 0, "max": 100}),
            "focus_y": forms.NumberInput(attrs={"min": 0, "max": 100}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name in {"file", "alt"}

    def clean_focus_x(self) -> int:
        """Leave the focus where it is, if nothing is said of it."""
        return self._focus("focus_x")

    def clean_focus_y(self) -> int:
        """Leave the focus where it is, if nothing is said of it."""
        return self._focus("focus_y")

    def _focus(self, name: str) -> int:
        percent: int | None = self.cleaned_data[name]
        stored: int = getattr(self.instance, name)
        return stored if percent is None else percent


class WordsForm(forms.ModelForm[Image]):
    """The words of a picture, as many of them as are sent."""

    class Meta:
        model = Image
        fields = ["alt", "caption", "credit"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(self.data):
            del self.fields[name]


def _already_there(image: Image) -> str:
    address = reverse("admin:blog_image_change", args=[image.pk])
    link = format_html('<a href="{}">{}</a>', address, str(image))
    return format_html(gettext("This picture is in the library already: {}."), link)
