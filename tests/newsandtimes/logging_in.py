"""What the tests of logging in share: addresses, and how somebody gets in."""

import re

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone

PASSWORD = "a-long-password"
LOGIN = "/admin/login/"
ACTIVATE = "/admin/account/second-factor/app/activate/"
CODE = "/admin/account/second-factor/authenticate/"


def log_in(client, name="ada", password=PASSWORD, *, address="192.0.2.1", to=""):
    body = {"login": name, "password": password}
    return client.post(f"{LOGIN}?next={to}" if to else LOGIN, body, REMOTE_ADDR=address)


def is_in(client):
    return client.get("/admin/").status_code == 200


def words(response):
    return re.sub(r"<input[^>]*>", "", response.content.decode())


def code_of(user, *, ago=0):
    secret = Authenticator.objects.get(user=user, type="totp").wrap().instance.data["secret"]
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 - ago))
