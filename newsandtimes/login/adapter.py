"""What we ask of django-allauth: logins of the newsroom only, under our own brake."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from blog.models import User
from newsandtimes.login import known_browsers
from newsandtimes.login.brake import Knock, TooManyTriesError, take_place

logger = logging.getLogger(__name__)
NO_ADDRESS = "0.0.0.0"  # noqa: S104  stands for a peer without an address, such as a Unix socket


class AccountAdapter(DefaultAccountAdapter):
    """Logs in the staff, and nobody new."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The name or the password is not right."),
        "incorrect_password": _("The password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Administrators make accounts; nobody makes their own."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the peer's address; behind proxies, see TRUSTED_PROXIES in the settings."""
        try:
            return str(super().get_client_ip(request))
        except (PermissionDenied, ImproperlyConfigured):  # no address, or fewer proxies than said
            return str(request.META.get("REMOTE_ADDR") or NO_ADDRESS)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return whose name and password these are; raises ValidationError at the brake."""
        name = str(credentials.get("username", ""))
        place = take_place_or_refuse(request, self, account=name)
        user = super().authenticate(request, **credentials)
        if not (isinstance(user, User) and user.is_active and user.is_staff):
            logger.warning("Login failed: %r from %s", name, place.address)
            return None
        place.delete()
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave the brake to authenticate()."""

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **options: Any
    ) -> HttpResponse:
        """Remember the browser, once every factor was right."""
        answer: HttpResponse = super().post_login(request, user, **options)
        known_browsers.remember(request, answer, user.get_username())
        return answer

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing of what one sees anyway."""


def take_place_or_refuse(
    request: HttpRequest, adapter: AccountAdapter, *, account: str, owner: str | None = None
) -> Any:
    """Count a try at the brake; raises ValidationError that says when the next one is allowed."""
    browser = known_browsers.known_as(request, owner or account)
    knock = Knock(account, adapter.get_client_ip(request), browser)
    try:
        return take_place(knock, now=timezone.now())
    except TooManyTriesError as error:
        logger.warning("Too many tries: %r from %s", account, knock.address)
        time = formats.time_format(timezone.localtime(error.until), "H:i")
        raise ValidationError(
            _t("There were too many tries. You may try again at %(time)s.") % {"time": time},
            code="too_many_tries",
        ) from error
