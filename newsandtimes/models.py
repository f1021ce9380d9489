"""What the front page is put together of, in the editors' hands."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aggregator.models import Collection

LAST = 1000
"""The position of blocks that nobody has moved yet: collections in their own order."""


class FrontBlock(models.Model):
    """One block of the front page."""

    class Kind(models.TextChoices):
        """What a block shows."""

        STREAM = "stream", _("the stream of posts")
        SIGN_UP = "sign-up", _("sign-up for e-mail")
        RECENT = "recent", _("recent posts")
        COLLECTION = "collection", _("a collection")

    class Place(models.TextChoices):
        """Where on the page a block stands."""

        AUTO = "auto", _("by itself: the first one across the top, the others at the side")
        TOP = "top", _("across the top")
        MAIN = "main", _("in the main column")
        SIDE = "side", _("at the side")

    kind = models.CharField(_("shows"), max_length=12, choices=Kind, editable=False)
    collection = models.OneToOneField(
        Collection,
        on_delete=models.DO_NOTHING,  # newsandtimes.front takes it along, and nobody is asked
        null=True,
        editable=False,
        related_name="front_block",
        verbose_name=_("collection"),
    )
    is_shown = models.BooleanField(
        _("shown"),
        default=True,
        help_text=_(
            "Whether it stands on the front page. How many headlines of a collection stand there "
            "is said in the list of collections; with 0 of them it does not."
        ),
    )
    place = models.CharField(
        _("place"),
        max_length=4,
        choices=Place,
        default=Place.AUTO,
        help_text=_(
            "Across the top stand collections only, in rows of headlines; on a phone the side "
            "comes below the main column."
        ),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=LAST)

    class Meta:
        ordering = ["position", "collection__position", "collection__pk", "pk"]
        default_permissions = ("view", "change")
        verbose_name = _("block of the front page")
        verbose_name_plural = _("front page")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=~models.Q(kind="collection"),
                name="front_block_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="collection", collection__isnull=False)
                | (~models.Q(kind="collection") & models.Q(collection__isnull=True)),
                name="front_block_of_a_collection",
            ),
        ]

    def __str__(self) -> str:
        return str(self.collection) if self.collection else str(self.get_kind_display())
