"""The Desk: what editors have decided there, and how each likes to look at it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aggregator.models.collection import Collection
from aggregator.models.headline import Headline
from aggregator.models.story import Story

SAID_MAX_LENGTH = 300
QUERY_MAX_LENGTH = 1_000


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions by what holds of them."""

    def standing(self) -> "DecisionQuerySet":
        """Return those that are not undone, which an undoing itself is never."""
        return self.filter(undone_at__isnull=True)


class Decision(models.Model):
    """One decision at the Desk; see aggregator.desk. Undoing one is a row of its own."""

    class Kind(models.TextChoices):
        """What was decided."""

        PICK = "pick", pgettext_lazy("at the Desk", "pick")
        DROP = "drop", pgettext_lazy("at the Desk", "drop")
        POST = "post", pgettext_lazy("at the Desk", "make a post")
        DIGEST = "digest", pgettext_lazy("at the Desk", "into the next digest")
        BREAKING = "breaking", pgettext_lazy("at the Desk", "breaking")
        STAR = "star", pgettext_lazy("at the Desk", "star")
        MUTE = "mute", pgettext_lazy("at the Desk", "mute")
        SPLIT = "split", pgettext_lazy("at the Desk", "split")
        MERGE = "merge", pgettext_lazy("at the Desk", "merge")
        WORDS = "words", pgettext_lazy("at the Desk", "own words")
        SEEN = "seen", pgettext_lazy("at the Desk", "all older are seen")
        UNDO = "undo", pgettext_lazy("at the Desk", "undo")

    key = models.UUIDField(
        unique=True, help_text="From whoever asks: the same request twice is one decision."
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    headline = models.ForeignKey(
        Headline,
        on_delete=models.SET_NULL,
        null=True,
        related_name="decisions",
        verbose_name=_("headline"),
    )
    story = models.ForeignKey(
        Story,
        on_delete=models.SET_NULL,
        null=True,
        related_name="decisions",
        verbose_name=_("story"),
    )
    collection = models.ForeignKey(
        Collection,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("collection"),
    )
    said = models.CharField(_("what was done"), max_length=SAID_MAX_LENGTH)
    words = models.JSONField(
        default=dict, help_text="The editor's own words, by the names of the fields of a pick."
    )
    before = models.JSONField(default=dict, help_text="All that undoing it needs.")
    count = models.PositiveIntegerField(
        _("headlines"), default=0, db_default=0, help_text=_("How many it took from the Desk.")
    )
    is_going_on = models.BooleanField(
        default=False, db_default=False, help_text="Whether the worker is still at it."
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(
                "by", F("id").desc(), condition=Q(undone_at__isnull=True), name="decision_of_editor"
            ),
            models.Index("id", condition=Q(is_going_on=True), name="decision_going_on"),
        ]

    def __str__(self) -> str:
        return self.said


class DeskView(models.Model):
    """A name that an editor has given to some filters of the Desk."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="desk_views",
        verbose_name=_("whose"),
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=QUERY_MAX_LENGTH, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["name", "id"]
        verbose_name = _("view of the Desk")
        verbose_name_plural = _("views of the Desk")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="desk_view_once"),
        ]

    def __str__(self) -> str:
        return self.name
