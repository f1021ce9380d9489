"""Stories: headlines of several outlets about one event; see aggregator.stories."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aggregator.models.headline import Headline

MARK_MAX_LENGTH = 40


class Story(models.Model):
    """One event. It is known by its leading headline, which the list of preferred outlets chooses.

    What follows from its members (lead, times, count) is written by aggregator.stories.keeping.
    """

    lead = models.ForeignKey(
        Headline,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("leading headline"),
    )
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    count = models.PositiveIntegerField(_("headlines"), default=0)

    class Meta:
        ordering = ["-last_seen_at", "-id"]
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        indexes = [
            models.Index(F("last_seen_at").desc(), F("id").desc(), name="story_newest"),
            # By weight, as the Desk may be sorted.
            models.Index(
                F("count").desc(),
                F("last_seen_at").desc(),
                F("id").desc(),
                condition=Q(count__gte=2),
                name="story_heaviest",
            ),
        ]

    def __str__(self) -> str:
        return self.lead.title if self.lead else f"{self._meta.verbose_name} {self.pk}"


class StoryMember(models.Model):
    """That a headline belongs to a story, and why. What an editor decided, nothing else moves."""

    class Reason(models.TextChoices):
        """Why a headline is in its story."""

        FIRST = "first", _("the first")
        LINK = "link", _("the same article")
        TITLE = "title", _("the same title")
        WORDS = "words", _("the same words")
        EDITOR = "editor", _("an editor’s decision")

    headline = models.OneToOneField(
        Headline,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="membership",
        verbose_name=_("headline"),
    )
    story = models.ForeignKey(
        Story, on_delete=models.CASCADE, related_name="members", verbose_name=_("story")
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    words = models.CharField(
        _("words that agree"), max_length=300, blank=True, help_text="As this headline writes them."
    )
    agrees_with = models.ForeignKey(
        Headline,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agrees with"),
    )
    joined_at = models.DateTimeField(_("joined"))
    is_pinned = models.BooleanField(_("kept by an editor"), default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("decided by"),
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("headline of a story")
        verbose_name_plural = _("headlines of stories")

    def __str__(self) -> str:
        return str(self.headline)


class PreferredOutlet(models.Model):
    """An outlet whose headline leads a story, before all that come later in the list."""

    outlet = models.CharField(
        _("outlet"),
        max_length=255,
        unique=True,
        help_text=_("The host that readers see, such as kyivpost.com."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("preferred outlet")
        verbose_name_plural = _("preferred outlets")

    def __str__(self) -> str:
        return self.outlet


class Signature(models.Model):
    """What a recent headline says, as the grouping compares it; see aggregator.stories.index."""

    headline = models.OneToOneField(
        Headline, on_delete=models.CASCADE, primary_key=True, related_name="signature"
    )
    at = models.DateTimeField()
    """When the headline was published."""
    seen_at = models.DateTimeField()
    """When it came in; it stays in the index for 72 hours from then."""
    marks = models.TextField()
    is_stale = models.BooleanField(default=False)
    """Whether the outlet has changed the title since."""

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index("seen_at", name="signature_seen"),
            models.Index("headline", condition=Q(is_stale=True), name="signature_stale"),
        ]

    def __str__(self) -> str:
        return self.marks


class IndexedMark(models.Model):
    """By which marks a recent headline is found."""

    mark = models.CharField(max_length=MARK_MAX_LENGTH)
    headline = models.ForeignKey(Headline, on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        indexes = [models.Index("mark", "headline", name="marked_headlines")]

    def __str__(self) -> str:
        return f"{self.mark} {self.headline_id}"


class GroupingState(models.Model):
    """The one row that says how far the grouping is, and which process is at it."""

    reached_at = models.DateTimeField(null=True)
    """Headlines that came in before are done, but for those that came in late."""
    busy_until = models.DateTimeField(null=True)
    busy_with = models.UUIDField(null=True)
    led_by = models.CharField(
        max_length=32,
        default="",
        help_text="A digest of the preferred outlets by which recent stories have their leads.",
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.reached_at)
