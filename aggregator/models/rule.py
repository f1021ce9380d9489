"""Rules: what happens by itself to headlines that come in."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aggregator.models.collection import Collection
from aggregator.models.feed import Feed


class Rule(models.Model):
    """Keep, drop, tag or pick headlines that match. Empty conditions match everything.

    Rules are asked by position. The first that says keep or drop decides; tags and picks of all
    that match are added up, unless the headline is dropped.
    """

    class Action(models.TextChoices):
        """What happens to a headline that matches."""

        KEEP = "keep", _("keep (no later rule drops it)")
        DROP = "drop", _("drop")
        TAG = "tag", pgettext_lazy("action of a rule", "tag")
        PICK = "pick", _("pick into a collection")

    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    feeds = models.ManyToManyField(
        Feed,
        blank=True,
        related_name="rules",
        verbose_name=_("feeds"),
        help_text=_("None chosen: the rule holds for all feeds."),
    )
    words = models.CharField(
        _("words"),
        max_length=500,
        blank=True,
        help_text=_("Title or summary holds all of them as whole words, in any order."),
    )
    phrase = models.CharField(
        _("phrase"),
        max_length=300,
        blank=True,
        help_text=_("Title or summary holds exactly this, in this order."),
    )
    pattern = models.CharField(
        _("pattern"),
        max_length=500,
        blank=True,
        help_text=_("A regular expression that is found in title or summary."),
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        help_text=_("Such as “uk”; “en” includes “en-GB”."),
    )
    outlet = models.CharField(
        _("outlet"),
        max_length=255,
        blank=True,
        help_text=_("The host of the article; “example.org” includes “news.example.org”."),
    )
    action = models.CharField(_("action"), max_length=10, choices=Action, default=Action.DROP)
    tag = models.CharField(_("tag"), max_length=100, blank=True)
    collection = models.ForeignKey(
        Collection,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("collection"),
    )
    trouble = models.CharField(
        _("trouble"),
        max_length=300,
        blank=True,
        editable=False,
        help_text=_("Why the rule was switched off by itself."),
    )
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("rule")
        verbose_name_plural = _("rules")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Require what the action needs."""
        if self.action == self.Action.TAG and not self.tag.strip():
            raise ValidationError({"tag": _("Which tag?")})
        if self.action == self.Action.PICK and self.collection is None:
            raise ValidationError({"collection": _("Into which collection?")})
