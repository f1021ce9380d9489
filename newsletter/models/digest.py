"""The publisher's digests, and what holds for all mail."""

from datetime import timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aggregator.models import Collection
from blog.models import Category
from blog.models.slugged import Slugged
from newsletter.models.rhythm import EVERY_DAY, Rhythm

SINGLETON_ID = 1


class Digest(Slugged):
    """A list of subscribers who get the same kind of edition at the same hours."""

    class Audience(models.TextChoices):
        """Who gets it: those of a rhythm, or those who chose this digest by name."""

        DAILY = Rhythm.DAILY.value, _("who wants a mail a day")
        WEEKDAYS = Rhythm.WEEKDAYS.value, _("who wants one on weekdays")
        WEEKLY = Rhythm.WEEKLY.value, _("who wants one a week")
        CHOSEN = "chosen", _("who chose it by name")

    title = models.CharField(
        _("title"), max_length=120, help_text=_("Such as “The daily review”: names the list.")
    )
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("What subscribers read beside it on their own page."),
    )
    audience = models.CharField(_("for"), max_length=10, choices=Audience, default=Audience.CHOSEN)
    days = models.CharField(
        _("days"),
        max_length=7,
        default=EVERY_DAY,
        validators=[RegexValidator(r"\A1?2?3?4?5?6?7?\Z", _("Choose days of the week."))],
        help_text=_("ISO numbers of the weekdays on which it goes out: 1 is Monday."),
    )
    hour = models.PositiveSmallIntegerField(
        _("hour"), default=7, validators=[MaxValueValidator(23)]
    )
    minute = models.PositiveSmallIntegerField(
        _("minute"), default=0, validators=[MaxValueValidator(59)]
    )
    categories = models.ManyToManyField(
        Category,
        blank=True,
        related_name="+",
        verbose_name=_("categories"),
        help_text=_("Posts of these go in; none chosen: posts of all."),
    )
    collections = models.ManyToManyField(
        Collection,
        blank=True,
        related_name="+",
        verbose_name=_("collections"),
        help_text=_("Picks of these go in."),
    )
    has_posts = models.BooleanField(_("with posts"), default=True)
    has_corrections = models.BooleanField(_("with corrections"), default=True)
    min_items = models.PositiveSmallIntegerField(
        _("at least"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("With fewer items it does not go out; they wait for the next edition."),
    )
    max_items = models.PositiveSmallIntegerField(
        _("at most"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(300)],
        help_text=_("What is over is counted in a line that leads to the site."),
    )
    needs_approval = models.BooleanField(
        _("needs approval"),
        default=False,
        help_text=_("No edition goes out before an editor has said so."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    started_at = models.DateTimeField(
        default=timezone.now,
        editable=False,
        help_text="The window of the first edition begins here.",
    )

    class Meta:
        ordering = ["title", "id"]
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [
            # Who has a rhythm gets one digest of it, not two.
            models.UniqueConstraint(
                fields=["audience"],
                condition=~models.Q(audience="chosen"),
                name="digest_of_rhythm",
                violation_error_message=_("There is a digest for these subscribers already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MailSettings(models.Model):
    """What the publisher sets for all mail. There is one row, with id 1."""

    default_rhythm = models.CharField(
        _("rhythm of new subscribers"),
        max_length=10,
        choices=Rhythm,
        default=Rhythm.DAILY,
        help_text=_("Each of them can choose another one."),
    )
    late_after_h = models.PositiveSmallIntegerField(
        _("late after"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
        help_text=_(
            "Hours. An edition that could not go out for so long asks an editor before it does."
        ),
    )
    max_per_minute = models.PositiveIntegerField(
        _("mails a minute"), default=0, help_text=_("What your mail server allows; 0: no limit.")
    )
    max_per_hour = models.PositiveIntegerField(
        _("mails an hour"), default=0, help_text=_("What your mail server allows; 0: no limit.")
    )
    warm_up_from = models.DateField(
        _("warm-up since"),
        null=True,
        blank=True,
        help_text=_(
            "The first day of a new mail server or domain. Mailbox providers distrust one that "
            "sends much at once: each day then has a limit that grows."
        ),
    )
    warm_up_first_day = models.PositiveIntegerField(
        _("mails on its first day"), default=500, validators=[MinValueValidator(1)]
    )
    warm_up_growth = models.PositiveSmallIntegerField(
        _("growth a day"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(400)],
        help_text=_("Per cent more each day."),
    )
    feedback_id = models.CharField(
        _("sender's name for Gmail"),
        max_length=15,
        blank=True,
        validators=[RegexValidator(r"\A[a-z0-9-]{5,15}\Z", _("5 to 15 small letters or digits."))],
        help_text=_("Ends the header Feedback-ID, by which Gmail's postmaster tools tell senders."),
    )

    class Meta:
        verbose_name = _("mail settings")
        verbose_name_plural = _("mail settings")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the one row."""
        self.pk = SINGLETON_ID
        super().save(*args, **kwargs)

    @classmethod
    def load(cls) -> Self:
        """Return the stored row, or what holds as long as nobody has set anything."""
        return cls.objects.filter(pk=SINGLETON_ID).first() or cls(pk=SINGLETON_ID)

    @property
    def late_after(self) -> timedelta:
        """How long after its time an edition asks instead of going."""
        return timedelta(hours=self.late_after_h)

    def clean(self) -> None:
        """Refuse an hour in which less may go out than in a minute."""
        if self.max_per_hour and self.max_per_hour < self.max_per_minute:
            raise ValidationError(
                {"max_per_hour": _("An hour cannot have fewer mails than a minute.")}
            )
