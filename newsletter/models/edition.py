"""Editions: what one mailing holds, from its first collected item to its frozen text."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aggregator.models import Collection, Headline
from blog.models import Correction, Post
from newsletter.models.digest import Digest


def new_mark() -> str:
    """Return 128 random bits that stand for a subscriber's token in a text."""
    return secrets.token_hex(16)


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions by what may be seen and done of them."""

    def public(self) -> "EditionQuerySet":
        """Return those whose text subscribers have got: they stand in the web archive."""
        return self.filter(frozen_at__isnull=False).exclude(state=Edition.State.CANCELLED)


class Edition(models.Model):
    """One mailing: a digest of a stored window, or a single post.

    The window is half-open: what was published at ``window_start`` is in, at ``window_end`` not.
    """

    class Kind(models.TextChoices):
        """What it is made of, and whom it goes to."""

        DIGEST = "digest", _("digest")
        POST = "post", _("single post")
        BREAKING = "breaking", _("breaking news")

    class State(models.TextChoices):
        """How far it has come. Only ``sending`` has mails leave."""

        OPEN = "open", _("collecting")
        WAITING = "waiting", _("waits for approval")
        LATE = "late", _("late: asks whether to go")
        SENDING = "sending", _("going out")
        PAUSED = "paused", _("paused")
        SENT = "sent", _("sent")
        SKIPPED = "skipped", _("skipped: too little in it")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.DIGEST)
    digest = models.ForeignKey(
        Digest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="editions",
        verbose_name=_("digest"),
    )
    post = models.ForeignKey(
        Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="editions"
    )
    number = models.PositiveIntegerField(
        _("number"), null=True, editable=False, help_text="Counts the frozen ones of its kind."
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(
        _("why"), max_length=300, blank=True, help_text=_("Why it is paused, late or skipped.")
    )
    due_at = models.DateTimeField(_("goes out"))
    slot_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Which of its digest's hours it stands for, to whatever hour an editor moved it.",
    )
    window_start = models.DateTimeField(_("from"), null=True, blank=True)
    window_end = models.DateTimeField(_("until"), null=True, blank=True)
    subject = models.CharField(
        _("subject"),
        max_length=150,
        blank=True,
        help_text=_("Left empty, the first items suggest one."),
    )
    intro = models.TextField(_("introduction"), blank=True, help_text=_("Stands above the items."))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    frozen_at = models.DateTimeField(
        _("frozen"), null=True, blank=True, help_text="From here on its content does not change."
    )
    prepared_to = models.PositiveBigIntegerField(
        default=0, help_text="The id of the last subscriber who has a ledger row or needs none."
    )
    prepared_at = models.DateTimeField(
        null=True, blank=True, help_text="Every subscriber who gets it has a ledger row."
    )
    alive_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody last saw to it that it goes out."
    )
    alarmed_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was paused because its first mails failed."
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-id"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            # Two clocks that plan at once make one.
            models.UniqueConstraint(fields=["digest", "due_at"], name="edition_once"),
            models.UniqueConstraint(
                fields=["digest"],
                condition=Q(state__in=["open", "waiting", "late"]),
                name="edition_next_once",
            ),
            models.UniqueConstraint(
                # To those who want each post, and later as breaking news to the others.
                fields=["post", "kind"],
                condition=~Q(state__in=["skipped", "cancelled"]) & Q(digest__isnull=True),
                name="post_mailed_once_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="digest", digest__isnull=False, window_start__isnull=False)
                | (~Q(kind="digest") & Q(digest__isnull=True)),
                name="edition_of_its_kind",
            ),
        ]
        indexes = [
            models.Index("state", "due_at", name="edition_by_state"),
            models.Index(models.F("frozen_at").desc(), name="edition_frozen"),
            models.Index(
                models.F("kind"),
                models.F("frozen_at").desc(),
                models.F("id").desc(),
                name="edition_archive",
            ),
            models.Index("digest", models.F("number").desc(), name="edition_number"),
        ]

    def __str__(self) -> str:
        name = self.digest.title if self.digest else self.get_kind_display()
        return f"{name} {self.number or ''}".strip()

    def get_absolute_url(self) -> str:
        """Return the path of its page in the web archive."""
        return reverse("newsletter:edition", args=[self.pk])


class EditionItem(models.Model):
    """One thing in an edition: collected as a reference, frozen with its words."""

    class Kind(models.TextChoices):
        """Where it comes from; sections of the mail stand in this order."""

        POST = "post", _("post")
        PICK = "pick", _("selected article")
        CORRECTION = "correction", _("correction")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(
        max_length=80,
        help_text="The same in every edition that carries it: post:7, article:KEY, correction:3.",
    )
    position = models.PositiveIntegerField(default=0)
    is_dropped = models.BooleanField(_("left out"), default=False)
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="+")
    headline = models.ForeignKey(Headline, on_delete=models.SET_NULL, null=True, related_name="+")
    collection = models.ForeignKey(
        Collection, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    correction = models.ForeignKey(
        Correction, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    category_ids = models.JSONField(
        default=list, help_text="Of a post, all its categories: what topics are chosen by."
    )
    collection_ids = models.JSONField(
        default=list, help_text="Of an article, all collections of the digest in which it stands."
    )
    section = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=500)
    subtitle = models.CharField(max_length=500, blank=True, help_text="The translated title.")
    url = models.CharField(max_length=2000)
    outlet = models.CharField(max_length=200, blank=True)
    byline = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    note = models.TextField(blank=True, help_text="What we say about an article.")
    also_at = models.JSONField(
        default=list,
        db_default=[],
        help_text="Other outlets that tell of the same event, each with the address where it does.",
    )
    html = models.TextField(
        blank=True, help_text="The whole post, as a mail of that one post has it; cleaned."
    )
    language = models.CharField(max_length=10, blank=True)
    text_language = models.CharField(
        max_length=10, blank=True, help_text="Empty: that of the title; so with the note."
    )
    note_language = models.CharField(max_length=10, blank=True)
    subtitle_language = models.CharField(max_length=10, blank=True)
    is_breaking = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="item_once")]
        indexes = [models.Index("key", "edition", name="item_by_key")]

    def __str__(self) -> str:
        return self.title


class Variant(models.Model):
    """An edition's mail as some of its subscribers get it, without what is each one's own.

    Those with the same language, topics and earlier mails share one. ``text`` and ``html`` hold
    ``mark`` wherever a subscriber's token belongs.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="variants")
    digest_key = models.CharField(
        max_length=64, help_text="SHA-256 of the language and the items' keys in their order."
    )
    language = models.CharField(max_length=10)
    item_keys = models.JSONField(default=list)
    mark = models.CharField(
        max_length=32,
        default=new_mark,
        help_text="Random, so that nobody's title or link can ask for the reader's token.",
    )
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["edition", "digest_key"], name="variant_once")
        ]

    def __str__(self) -> str:
        return f"{self.edition} ({self.language}, {len(self.item_keys)})"
