"""Posts: articles, opinions and link posts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Case, F, Index, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from blog.addresses import path_to
from blog.cleaning import clean_html
from blog.models.image import Image
from blog.models.people import Author, User
from blog.models.sections import Category, TaggedPost
from blog.models.slugged import Slugged
from blog.text import excerpt, plain_text, slug_for, words_of

WORDS_PER_MINUTE = 220
LONG_READ_WORDS = 300
OUTLET_MAX_LENGTH = 120

PUBLISH_POST = "blog.publish_post"
EDIT_ALL_POSTS = "blog.edit_all_posts"


class PostQuerySet(models.QuerySet["Post"]):
    """The one place that decides which posts a reader may see, and which one of us."""

    def published(self, *, now: datetime | None = None) -> Self:
        """Return the posts that are public at ``now``; a scheduled one joins at its minute."""
        return self.filter(_is_public(now or timezone.now())).order_by("-published_at", "-id")

    def published_among(self, keys: Iterable[int] | QuerySet[Any, Any], *, now: datetime) -> Self:
        """Return those with some keys that are public at ``now``, in the same order.

        They are looked up by their keys. A database that knows no statistics would rather go
        through all public posts from the newest on until it has met them.
        """
        is_public = Case(When(_is_public(now), then=True), default=False)
        return self.filter(is_public, pk__in=keys).order_by("-published_at", "-id")

    def withdrawn(self) -> Self:
        """Return the posts that were public once: their addresses say that they are gone."""
        return self.filter(status=Post.Status.WITHDRAWN)

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Return the posts that somebody may see in the newsroom; see blog.rights for one post.

        Their own are found by their keys, so that it costs the same among any number of others'.
        """
        if not _has_any(user, "blog.view_post", "blog.change_post"):
            return self.none()
        if _has_any(user, EDIT_ALL_POSTS):
            return self
        begun = Post._base_manager.filter(created_by=user.pk).values("pk")
        signed = Post.authors.through._base_manager.filter(author__user=user.pk).values("post")
        return self.filter(pk__in=begun.union(signed))

    def editable_by(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Return the posts that somebody may change as they stand now."""
        if not _has_any(user, "blog.change_post"):
            return self.none()
        posts = self.visible_to(user)
        if _has_any(user, PUBLISH_POST):
            return posts
        return posts.filter(status__in=[Post.Status.DRAFT, Post.Status.REVIEW])

    def publishable_by(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Return the posts that somebody may publish, schedule, correct and withdraw."""
        return self.editable_by(user) if _has_any(user, PUBLISH_POST) else self.none()

    def for_lists(self) -> Self:
        """Load what a post's card shows: two queries for any number of posts."""
        return self.select_related("category", "image").prefetch_related("authors").defer("body")


def _is_public(now: datetime) -> Q:
    return Q(status=Post.Status.PUBLISHED, published_at__lte=now)


# The newsroom's list, in each of its orders under each of its filters: what is not searched by is
# looked at in the index, so that no row of a long archive is opened in vain.
_FILTERS = ("kind", "language")
_LAST_TOUCHED = (F("updated_at").desc(), F("id").desc())
_LAST_DATED = (F("published_at").desc(), F("id").desc())
_LISTED = [
    Index(*_LAST_TOUCHED, "status", "published_at", "category", *_FILTERS, name="post_touched"),
    Index("status", *_LAST_TOUCHED, "category", *_FILTERS, name="post_in_state"),
    Index("status", *_LAST_DATED, "category", *_FILTERS, name="post_in_state_dated"),
    Index("category", *_LAST_TOUCHED, "status", *_FILTERS, name="post_of_category"),
    Index("category", "status", *_LAST_DATED, *_FILTERS, name="post_of_category_dated"),
    Index("created_by", "status", *_LAST_TOUCHED, name="post_begun_by"),
]


def _has_any(user: AbstractBaseUser | AnonymousUser, *permissions: str) -> bool:
    return isinstance(user, User | AnonymousUser) and any(map(user.has_perm, permissions))


class Post(Slugged):  # type: ignore[django-manager-missing]  # taggit has no types
    """What an editor writes."""

    class Kind(models.TextChoices):
        """How a post is set."""

        ARTICLE = "article", _("Article")
        OPINION = "opinion", _("Opinion")
        LINK = "link", _("Link post")

    class Status(models.TextChoices):
        """Where a post is on its way; a date to come makes a published one scheduled."""

        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("In review")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ARTICLE)
    title = models.CharField(_("title"), max_length=300)
    standfirst = models.TextField(
        _("standfirst"), blank=True, help_text=_("One or two sentences that lead into the text.")
    )
    body = models.TextField(_("text"), blank=True)
    source_url = models.URLField(
        _("source address"),
        max_length=2000,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("For a link post: the page that it is about."),
    )
    outlet = models.CharField(
        _("outlet"),
        max_length=OUTLET_MAX_LENGTH,
        blank=True,
        help_text=_("Who published the source."),
    )
    image = models.ForeignKey(
        Image,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("image"),
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        related_name="primary_posts",
        verbose_name=_("category"),
        help_text=_("The label above the title."),
    )
    categories = models.ManyToManyField(
        Category,
        related_name="posts",
        blank=True,
        verbose_name=_("all categories"),
        help_text=_("Every section in which the post stands; its own is always among them."),
    )
    authors = models.ManyToManyField(
        Author, related_name="posts", blank=True, verbose_name=_("authors")
    )
    tags = TaggableManager(through=TaggedPost, blank=True, verbose_name=_("tags"))
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="en"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        _("published"),
        null=True,
        blank=True,
        help_text=_("Left empty: the moment of publishing. A date to come schedules the post."),
    )
    pinned_until = models.DateTimeField(
        _("pinned until"),
        null=True,
        blank=True,
        help_text=_(
            "Until then the post stands first on the front page. Left empty: it stands by its date."
        ),
    )
    review_note = models.TextField(
        _("note"),
        blank=True,
        help_text=_("From one editor to another: what is missing, what to look at. Never public."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("begun by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    # Derived from the text on each save, so that lists need not load and parse bodies.
    summary = models.CharField(editable=False, max_length=400, blank=True)
    word_count = models.PositiveIntegerField(editable=False, default=0)
    version = models.PositiveIntegerField(
        editable=False, default=0, help_text="The number of its newest Version."
    )
    corrected_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the newest correction was made."
    )
    versions = GenericRelation("blog.Version")

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        permissions = [
            ("publish_post", "Can publish, schedule, correct and withdraw posts"),
            ("edit_all_posts", "Can work on everybody's posts and pictures"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(published_at__isnull=False),
                name="published_post_has_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="link") | ~models.Q(source_url=""),
                name="link_post_has_source",
            ),
        ]
        indexes = [
            models.Index(
                "status", models.F("published_at").desc(), models.F("id").desc(), name="post_stream"
            ),
            models.Index("updated_at", name="post_updated"),
            models.Index(
                "pinned_until", condition=Q(pinned_until__isnull=False), name="post_pinned"
            ),
            *_LISTED,
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Clean the text, and store what follows from it."""
        self.derive()
        self._date_publication()
        super().save(*args, **kwargs)
        self.categories.add(self.category)

    def derive(self) -> None:
        """Clean the text and set what follows from the rest: summary, word count, outlet."""
        self.body = clean_html(self.body)
        text = words_of(self.body)
        self.word_count = len(text.split())
        self.summary = excerpt(plain_text(self.standfirst) or text, max_length=280)
        if self.source_url and not self.outlet:
            host = (urlsplit(self.source_url).hostname or "").removeprefix("www.")
            self.outlet = excerpt(host, max_length=OUTLET_MAX_LENGTH)

    def get_absolute_url(self) -> str:
        """Return the post's path; its date is that of the site's time zone."""
        date = timezone.localtime(self.published_at or self.created_at)
        return path_to("post", *f"{date:%Y %m %d}".split(), self.slug)

    def clean(self) -> None:
        """Refuse a link post without its source, and an article without a text.

        A post that is published without a date is published now.
        """
        self._date_publication()
        if self.kind == self.Kind.LINK and not self.source_url:
            raise ValidationError({"source_url": _("A link post needs the address it links to.")})
        if self.kind == self.Kind.ARTICLE and self.is_public_status and not self.body.strip():
            words = _(
                "An article needs a text before it is published. "
                "A title alone is of the kind “Opinion”."
            )
            raise ValidationError({"body": words})

    def wanted_slug(self) -> str:
        """Return the slug that the title suggests in the post's language."""
        return slug_for(self.title, language=self.language, fallback="post")

    def _date_publication(self) -> None:
        if self.is_public_status and self.published_at is None:
            self.published_at = timezone.now()

    @property
    def is_public_status(self) -> bool:
        """Whether the post is public, now or at its date."""
        return self.status == self.Status.PUBLISHED

    @property
    def next_states(self) -> list[Status]:
        """The states in which an editor may leave it; what was public is withdrawn, not hidden."""
        if self.status == self.Status.WITHDRAWN:
            return [self.Status.WITHDRAWN, self.Status.PUBLISHED]
        if self.was_public:
            return [self.Status.PUBLISHED]
        return [self.Status.DRAFT, self.Status.REVIEW, self.Status.PUBLISHED]

    @property
    def was_public(self) -> bool:
        """Whether readers can have met its address."""
        is_out = self.status in {self.Status.PUBLISHED, self.Status.WITHDRAWN}
        return is_out and self.published_at is not None and self.published_at <= timezone.now()

    def is_pinned_at(self, now: datetime) -> bool:
        """Whether it is to stand first on the front page."""
        return self.pinned_until is not None and self.pinned_until > now

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether readers can meet it now."""
        return self.was_public and self.status != self.Status.WITHDRAWN

    def withdraw(self) -> None:
        """Take the post from every page; its address says from then on that it is gone."""
        self.status = self.Status.WITHDRAWN
        self.save(update_fields=["status", "updated_at"])

    @property
    def is_long(self) -> bool:
        """Whether there is more to read than a list can show."""
        return self.word_count >= LONG_READ_WORDS

    @property
    def reading_time_min(self) -> int:
        """Minutes that reading takes, at least one."""
        return max(1, round(self.word_count / WORDS_PER_MINUTE))


# What is named where a post is deleted: Django calls these "post-author relationships".
Post.authors.through._meta.verbose_name = _("byline of a post")
Post.authors.through._meta.verbose_name_plural = _("bylines of posts")
Post.categories.through._meta.verbose_name = _("post in a section")
Post.categories.through._meta.verbose_name_plural = _("posts in sections")
