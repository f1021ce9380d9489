"""Tries to log in that failed, so that every process counts the same ones."""

from django.db import models


class LoginFailure(models.Model):
    """One try that failed, or is being made; see newsandtimes.login.brake.

    Accounts and browsers are kept as keyed hashes: a name that was mistyped may be a password.
    """

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    browser = models.CharField(max_length=64, blank=True, help_text="One that the account knows.")
    failed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index("account", "failed_at", name="login_failure_account"),
            models.Index("address", "failed_at", name="login_failure_address"),
            models.Index("failed_at", name="login_failure_age"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.failed_at:%Y-%m-%d %H:%M}"
