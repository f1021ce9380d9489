"""Presses of the button of a sign-up form, counted and worked off."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class SignUpQuerySet(models.QuerySet["SignUp"]):
    """Presses, counted."""

    def count_to(self, most: int) -> int:
        """Count so far and no farther."""
        return self.order_by()[:most].count()


class SignUp(models.Model):
    """Somebody gave an address to a sign-up form; see newsletter.subscribing.gate.

    The worker does the rest.

    The address is here until it is taken, the network as a keyed hash for a day.
    """

    network = models.CharField(max_length=64)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    email = models.EmailField(max_length=254, blank=True)
    consent_form = models.CharField(max_length=200, blank=True)
    consent_text = models.TextField(blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index("network", "at", name="sign_up_of_network"),
            models.Index("at", name="sign_up_at"),
            models.Index("taken_at", name="sign_up_taken"),
            models.Index("at", "id", condition=Q(taken_at=None), name="sign_up_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
