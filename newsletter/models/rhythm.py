"""How often somebody gets mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

EVERY_DAY = "1234567"


class Rhythm(models.TextChoices):
    """What a subscriber chooses among."""

    EACH = "each", _("each post")
    DAILY = "daily", _("once a day")
    WEEKDAYS = "weekdays", _("on weekdays")
    WEEKLY = "weekly", _("once a week")
    BREAKING = "breaking", _("breaking news only")
