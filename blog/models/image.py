"""Pictures of the publication, and where each stands in a text."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.addresses import uploads_base
from blog.pictures import encoding, files, plan, reading
from blog.pictures.errors import shown

EXTENSION_OF = {
    "JPEG": "jpg",
    "PNG": "png",
    "GIF": "gif",
    "WEBP": "webp",
    "AVIF": "avif",
    "HEIF": "heic",
}


def upload_path(_instance: models.Model, filename: str) -> str:
    """Return where a public file is kept: every part of its name is ours."""
    extension = filename.rpartition(".")[2]
    key = secrets.token_hex(8)
    return f"{plan.FOLDER}/{timezone.now():%Y/%m}/{key}/full.{extension}"


class Image(models.Model):
    """An uploaded picture with what a reader must know about it.

    ``file`` is what became public of it: upright, in sRGB, without metadata. The upload itself
    lies untouched in a storage of its own, which nothing serves.
    """

    class Stage(models.TextChoices):
        """How far the making of its files is."""

        RAW = "raw", "as uploaded in former times, never served as it is"
        CLEAN = "clean", "public, with renditions to be made"
        READY = "ready", "public, with all renditions"
        LOST = "lost", "without a file that can be read"

    file = models.FileField(_("file"), upload_to=upload_path, db_index=True)
    original = models.CharField(max_length=120, editable=False, default="", blank=True)
    name = models.CharField(
        _("name of the file"), max_length=80, editable=False, default="", blank=True
    )
    digest = models.CharField(
        max_length=64,
        editable=False,
        default="",
        blank=True,
        help_text="SHA-256 of the upload; empty where another row has it, or not known yet.",
    )
    width = models.PositiveIntegerField(_("width in pixels"), editable=False, default=0)
    height = models.PositiveIntegerField(_("height in pixels"), editable=False, default=0)
    is_animated = models.BooleanField(_("moves"), editable=False, default=False)
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for those who cannot see it."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(
        _("credit"), max_length=150, blank=True, help_text=_("Who made it: “Photo: Ada Lovelace”.")
    )
    licence = models.CharField(
        _("licence"),
        max_length=120,
        blank=True,
        help_text=_("By what right it is shown: “CC BY 4.0”, “bought”. Readers do not see it."),
    )
    focus_x = models.PositiveSmallIntegerField(
        _("focus, from the left in %"), default=50, validators=[MaxValueValidator(100)]
    )
    focus_y = models.PositiveSmallIntegerField(
        _("focus, from the top in %"), default=50, validators=[MaxValueValidator(100)]
    )
    stage = models.CharField(max_length=5, choices=Stage, default=Stage.RAW, editable=False)
    made = models.JSONField(
        editable=False,
        default=dict,
        help_text="The renditions that are there: shape → encoding → list of width and name.",
    )
    claimed_until = models.DateTimeField(editable=False, null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("image")
        verbose_name_plural = _("images")
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=~models.Q(digest=""), name="image_file_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["stage"],
                condition=~models.Q(stage__in=["ready", "lost"]),
                name="image_to_make",
            ),
            models.Index("created_at", "id", name="image_newest"),
        ]

    def __str__(self) -> str:
        return self.alt or self.name or f"{self._meta.verbose_name} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Take in a new file; raises PictureError for one that is not wanted.

        Another focus asks for new crops; the old ones are shown until these are made.
        """
        if self.stage == self.Stage.READY and self.made.get("focus") != [*self.focus]:
            self.stage = self.Stage.CLEAN
        if not self.file or getattr(self.file, "_committed", True):
            super().save(*args, **kwargs)
            return
        with self._new_files():
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the public address."""
        return self.file.url

    @property
    def focus(self) -> plan.Focus:
        """The point that no crop may lose."""
        return plan.Focus(self.focus_x, self.focus_y)

    @property
    def fallback(self) -> tuple[str, int, int]:
        """The address, width and height of the file that every reader can show."""
        encoding = str(self.file.name).rpartition(".")[2]
        for width, name in plan.listed(self.made, plan.WHOLE, encoding):
            height = plan.height_at(plan.WHOLE, width, (self.width, self.height))
            return self.base_url + name, width, height
        return self.file.url, self.width, self.height

    @property
    def thumb_url(self) -> str:
        """The address of the smallest file that shows it whole."""
        made = plan.listed(self.made, plan.WHOLE, "webp")
        return self.base_url + min(made)[1] if made else self.file.url

    @property
    def base_url(self) -> str:
        """The address of the folder of its renditions."""
        return f"{uploads_base()}{self.folder}/"

    @property
    def folder(self) -> str:
        """Where its renditions lie."""
        return plan.folder_of(str(self.file.name))

    @contextmanager
    def _new_files(self) -> Iterator[None]:
        """Store what becomes of the upload; delete it again if the row cannot be stored."""
        upload, name = self.file.file, str(self.file.name)
        picture = getattr(upload, "picture", None) or reading.read(upload, name=name)
        content, extension = encoding.published(picture)
        thumbnail = encoding.thumbnail(picture)
        self.name = shown(name)
        self.digest = picture.digest
        self.width, self.height = picture.still.size
        self.is_animated = picture.animation is not None
        self.stage, self.made = self.Stage.CLEAN, {}
        self.file = upload_path(self, f".{extension}")
        try:
            self.original = keep_original(upload, picture.format)
            files.put(str(self.file.name), content)
            if thumbnail is not None:
                self._put_thumbnail(*thumbnail)
            with transaction.atomic():
                yield
        except BaseException:
            self.delete_files()
            raise

    def _put_thumbnail(self, content: bytes, rendition: plan.Rendition) -> None:
        name = rendition.name(self.focus)
        files.put(f"{self.folder}/{name}", content)
        self.made = {plan.WHOLE.name: {rendition.encoding: [[rendition.width, name]]}}

    def delete_files(self) -> None:
        """Delete all its files, the original too."""
        if not self.file:
            return
        files.delete_folder(self.folder)
        default_storage.delete(str(self.file.name))
        if self.original:
            files.originals().delete(self.original)


def keep_original(upload: File[bytes], kind: str) -> str:
    """Store an upload as it came, where nothing serves it; return its name there."""
    upload.seek(0)
    name = f"{timezone.now():%Y/%m}/{secrets.token_hex(8)}.{EXTENSION_OF[kind]}"
    return files.originals().save(name, upload)


class ImageUse(models.Model):
    """A picture in the text of a post or of a page. Lead pictures are ``Post.image``."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="uses")
    post = models.ForeignKey(
        "blog.Post", on_delete=models.CASCADE, null=True, related_name="pictures"
    )
    page = models.ForeignKey(
        "blog.Page", on_delete=models.CASCADE, null=True, related_name="pictures"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "post"], name="image_once_in_post"),
            models.UniqueConstraint(fields=["image", "page"], name="image_once_in_page"),
            models.CheckConstraint(
                condition=models.Q(post__isnull=True) ^ models.Q(page__isnull=True),
                name="image_use_has_one_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.image_id} in {self.post_id or self.page_id}"
