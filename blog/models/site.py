"""What the publisher says of the site: one row of settings, and links around the page."""

import zoneinfo
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

SINGLETON_ID = 1


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless ``name`` is an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone. Use a name such as Europe/Kyiv."), params={"name": name}
        )


def validate_link_target(target: str) -> None:
    """Raise ValidationError unless ``target`` is a path of this site or an http(s) or mail link."""
    is_path = target.startswith("/") and not target.startswith("//")
    if not (is_path or target.startswith(("https://", "http://", "mailto:"))):
        raise ValidationError(
            _("Use a path of this site (/links/) or a full address (https://…)."), code="target"
        )


class SiteSettings(models.Model):
    """What the publication is called, says and signs with. There is one row, with id 1."""

    class SecondFactor(models.TextChoices):
        """Who must log in with more than a password."""

        NOBODY = "nobody", _("nobody must")
        EDITORS = "editors", _("editors and administrators must")
        EVERYBODY = "everybody", _("everybody must")

    class FeedText(models.TextChoices):
        """How much of a post its item in our feeds holds."""

        WHOLE = "whole", _("the whole text")
        SUMMARY = "summary", _("the summary and a link")

    title = models.CharField(
        _("title"),
        max_length=120,
        default="The News And Times Review",
        help_text=_("The name of the site: at the top of every page, in feeds and in mail."),
    )
    tagline = models.CharField(
        _("tagline"),
        max_length=200,
        blank=True,
        help_text=_("A few words below the title, or nothing."),
    )
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("One or two sentences about the site, for search engines and feed readers."),
    )
    publisher = models.CharField(
        _("publisher"),
        max_length=120,
        default="The News And Times",
        help_text=_("Who stands behind the site. Search engines and mail name the publisher."),
    )
    publisher_address = models.TextField(
        _("address of the publisher"),
        blank=True,
        help_text=_("A postal address. It stands in every mail, as the law in many places asks."),
    )
    footer = models.TextField(_("footer"), blank=True, help_text=_("A line under every page."))
    sender = models.EmailField(
        _("sender"),
        blank=True,
        help_text=_(
            "The address that mail to subscribers comes from. Your mail server must let it."
        ),
    )
    feed_signature = models.CharField(
        _("feed signature"),
        max_length=200,
        blank=True,
        default="first appeared on The News And Times Review",
        help_text=_("Ends every post in our feeds, after its title."),
    )
    feed_text = models.CharField(
        _("text in feeds"),
        max_length=10,
        choices=FeedText,
        default=FeedText.WHOLE,
        help_text=_(
            "What feed readers get of a post. Most readers like the whole text; a summary brings "
            "them to the site."
        ),
    )
    shows_feeds = models.BooleanField(
        _("show the feeds that we read"),
        default=True,
        help_text=_(
            "At /opml.xml readers find the outside feeds that are polled, to take into their own "
            "feed reader. Feeds that need a password or a key are never among them."
        ),
    )
    shows_outside_pictures = models.BooleanField(
        _("show pictures of outside articles"),
        default=False,
        help_text=_(
            "Small copies of the pictures of other outlets’ articles stand beside their headlines. "
            "They are served by this site, so that no outlet learns who reads here. Their makers "
            "may have to agree: ask them, or the law of your country, before you switch it on."
        ),
    )
    websub_hub = models.URLField(
        _("WebSub hub"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_(
            "The address of a hub that tells feed readers of news within seconds, such as "
            "https://pubsubhubbub.appspot.com/. Left empty, they come and look from time to time."
        ),
    )
    posts_per_page = models.PositiveSmallIntegerField(
        _("posts per page"),
        default=10,
        help_text=_("How many posts the front page and other lists show before “Older”: 1 to 100."),
    )
    outlet_share = models.PositiveSmallIntegerField(
        _("most of one outlet"),
        default=40,
        help_text=_(
            "In percent. The newsroom says so where a collection or an edition has more than that "
            "of one outlet. 0: it never does."
        ),
    )
    outlet_share_from = models.PositiveSmallIntegerField(
        _("most of one outlet, from"),
        default=5,
        help_text=_("So many headlines there must be before a share is worth a word."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_(
            "Where the clock hangs by which posts are dated and scheduled, such as Europe/Kyiv."
        ),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        default="en",
        choices=settings.LANGUAGES,
        help_text=_("In which the site itself speaks: dates, buttons, mail. Posts have their own."),
    )

    second_factor = models.CharField(
        _("second factor at login"),
        max_length=10,
        choices=SecondFactor,
        default=SecondFactor.NOBODY,
        help_text=_(
            "A code from a phone, beside the password. Who must have it and has not set it up yet "
            "is led there at the next click."
        ),
    )

    icon = models.ForeignKey(
        "blog.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("icon"),
        help_text=_(
            "A square picture of the library, best 512 pixels wide or more. It stands in the tabs "
            "of browsers, on the screens of telephones and in feed readers. Left empty, the icon "
            "that comes with the software stands there."
        ),
    )
    icon_folder = models.CharField(max_length=60, editable=False, default="", blank=True)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=SINGLETON_ID), name="one_site_settings"),
            models.CheckConstraint(
                condition=models.Q(posts_per_page__range=(1, 100)),
                name="posts_per_page_from_1_to_100",
                violation_error_message=_("Between 1 and 100 posts fit on a page."),
            ),
            models.CheckConstraint(
                condition=models.Q(outlet_share__range=(0, 100)),
                name="outlet_share_is_percent",
                violation_error_message=_("A share is between 0 and 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the one row the only one."""
        self.pk = SINGLETON_ID
        super().save(*args, **kwargs)

    @classmethod
    def load(cls) -> Self:
        """Return the settings; unsaved defaults where nobody has saved any yet."""
        return cls.objects.filter(pk=SINGLETON_ID).first() or cls(pk=SINGLETON_ID)


class Generation(models.Model):
    """How often what readers see has changed; see blog.changes. There is one row, with id 1."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "generation"

    def __str__(self) -> str:
        return str(self.number)


class NavLink(models.Model):
    """One link in one of the rows around the page."""

    class Place(models.TextChoices):
        """The rows of links that a page has."""

        MASTHEAD = "masthead", _("Masthead")
        FOOTER = "footer", _("Footer")
        ELSEWHERE = "elsewhere", _("Elsewhere: the publisher’s other places")

    label = models.CharField(
        _("label"), max_length=60, help_text=_("The word or two that readers press.")
    )
    target = models.CharField(
        _("target"),
        max_length=500,
        validators=[validate_link_target],
        help_text=_("A path of this site (/links/) or a full address (https://…)."),
    )
    place = models.CharField(
        _("place"),
        max_length=12,
        choices=Place,
        default=Place.MASTHEAD,
        help_text=_("In which row it stands: below the title, at the foot, or among other places."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["place", "position", "id"]
        verbose_name = _("link")
        verbose_name_plural = _("links around the page")

    def __str__(self) -> str:
        return self.label

    @property
    def is_outside(self) -> bool:
        """Whether it leads away from this site."""
        return not self.target.startswith("/")
