"""A new password by mail. The answer is the same for every address, and takes the same time."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetView
from django.core.mail import EmailMessage
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from blog.addresses import absolute
from blog.models import LoginFailure, SiteSettings, User
from newsandtimes.login.adapter import AccountAdapter
from newsandtimes.login.brake import Knock
from newsandtimes.tasks import send_password_reset
from newsletter.dispatch import deliver
from newsletter.letters import sender

AT_MOST = 3
WITHIN = timedelta(hours=1)


class AskForm(PasswordResetForm):
    """Takes the address; the worker finds out whether it is anybody's."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Leave the mail to the worker."""
        send_password_reset.enqueue(self.cleaned_data["email"])


class AskView(PasswordResetView):
    """Asks for the address; at most three mails an hour go to one."""

    form_class = AskForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Say the same in any case."""
        if _is_asked_too_often(form.cleaned_data["email"], AccountAdapter(self.request)):
            return HttpResponseRedirect(self.get_success_url())
        return super().form_valid(form)


def _is_asked_too_often(email: str, adapter: AccountAdapter) -> bool:
    now = timezone.now()
    knock = Knock(f"password reset of {email}", adapter.get_client_ip(adapter.request))
    rows = LoginFailure.objects.filter(account=knock.account_key, failed_at__gt=now - WITHIN)
    if rows.count() >= AT_MOST:
        return True
    LoginFailure.objects.create(account=knock.account_key, address=knock.address, failed_at=now)
    return False


def send(email: str) -> int:
    """Send a link to each active account with this address; return how many.

    Raises newsletter.dispatch.MailError.
    """
    site = SiteSettings.load()
    users = [user for user in PasswordResetForm().get_users(email) if isinstance(user, User)]
    for user in users:
        deliver(_mail(user, site=site))
    return len(users)


def _mail(user: User, *, site: SiteSettings) -> EmailMessage:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(user)])
    context = {
        "site": site,
        "user": user,
        "link": absolute(path),
        "host": urlsplit(settings.SITE_URL).hostname,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    with translation.override(site.language):
        subject = render_to_string("emails/password_reset/subject.txt", context)
        body = render_to_string("emails/password_reset/body.txt", context)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        from_email=sender(site),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
