"""How many subscribers there were, day by day."""

from django.db import models


class SubscriberDay(models.Model):
    """A day, by the site's calendar: who came, who went, and how many there were at its end.

    Kept as numbers, because those who have themselves erased leave nothing else behind.
    """

    day = models.DateField(primary_key=True)
    gained = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.total}"
