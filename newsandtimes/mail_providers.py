"""Turns EMAIL_URL into Django's settings where it names a mail provider's API (django-anymail)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Options = dict[str, Any]


@dataclass(frozen=True)
class Provider:
    """What anymail wants to know of one provider.

    ``options`` makes its backend's options of the address; ``view`` takes its events.
    ``key_option`` is what the view calls the key that events are signed with; "" where the
    provider signs none, and shows a name and password instead.
    """

    module: str
    view: str
    options: Callable[[SplitResult], Options]
    key_option: str = ""


def _named(option: str) -> Callable[[SplitResult], Options]:
    return lambda parts: {option: _user(parts)}


def _mailgun(parts: SplitResult) -> Options:
    domain = {"sender_domain": parts.hostname} if parts.hostname else {}
    return {"api_key": _user(parts)} | domain


def _mailjet(parts: SplitResult) -> Options:
    return {"api_key": _user(parts), "secret_key": unquote(parts.password or "")}


def _at_host(path: str) -> Callable[[SplitResult], Options]:
    def options(parts: SplitResult) -> Options:
        if not parts.hostname:
            raise ImproperlyConfigured(f"EMAIL_URL must name a host: {parts.scheme}://KEY@host")
        return {"api_key": _user(parts), "api_url": f"https://{parts.hostname}{path}"}

    return options


def _ses(parts: SplitResult) -> Options:
    names = {
        "aws_access_key_id": unquote(parts.username or ""),
        "aws_secret_access_key": unquote(parts.password or ""),
        "region_name": parts.hostname,
    }
    return {"client_params": {name: value for name, value in names.items() if value}}


PROVIDERS = {
    "brevo": Provider("brevo", "BrevoTrackingWebhookView", _named("api_key")),
    "mailgun": Provider("mailgun", "MailgunTrackingWebhookView", _mailgun, "webhook_signing_key"),
    "mailjet": Provider("mailjet", "MailjetTrackingWebhookView", _mailjet),
    "mailtrap": Provider(
        "mailtrap", "MailtrapTrackingWebhookView", _named("api_token"), "signing_secret"
    ),
    "mandrill": Provider(
        "mandrill", "MandrillCombinedWebhookView", _named("api_key"), "webhook_key"
    ),
    "postal": Provider("postal", "PostalTrackingWebhookView", _at_host(""), "webhook_key"),
    "postmark": Provider("postmark", "PostmarkTrackingWebhookView", _named("server_token")),
    "resend": Provider("resend", "ResendTrackingWebhookView", _named("api_key")),
    "ses": Provider("amazon_ses", "AmazonSESTrackingWebhookView", _ses),
    "sparkpost": Provider("sparkpost", "SparkPostTrackingWebhookView", _named("api_key")),
    "unisender-go": Provider(
        "unisender_go",
        "UnisenderGoTrackingWebhookView",
        _at_host("/ru/transactional/api/v1"),
        "api_key",
    ),
}


def provider_mailer(url: str, *, timeout_s: int) -> dict[str, Any] | None:
    """Return the entry of MAILERS for a provider, or None if ``url`` names none.

    ``scheme://KEY@domain?option=value``: the options are the backend's own, such as ``api_url``.

    Raises ImproperlyConfigured.
    """
    parts = urlsplit(url)
    provider = PROVIDERS.get(parts.scheme)
    if provider is None:
        return None
    if not parts.username and provider.module != "amazon_ses":
        raise ImproperlyConfigured(f"EMAIL_URL names no key: {parts.scheme}://KEY@")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    waiting = {} if provider.module == "amazon_ses" else {"timeout": timeout_s}
    # Not every provider takes every label; none is worth a mail.
    options = {"ignore_unsupported_features": True, **waiting, **provider.options(parts), **query}
    return {"BACKEND": f"anymail.backends.{provider.module}.EmailBackend", "OPTIONS": options}


def provider_webhook(url: str, *, secret: str, key: str) -> dict[str, Any] | None:
    """Return which view takes the provider's events, and with which options.

    ``secret`` is the ``name:password`` that the provider shows, ``key`` the one that it signs
    with. None where there is no provider, or nothing by which its events could be told from
    forged ones.
    """
    parts = urlsplit(url)
    provider = PROVIDERS.get(parts.scheme)
    if provider is None:
        return None
    if provider.module == "unisender_go":
        key = _user(parts)
    options: Options = {"webhook_secret": secret} if secret else {}
    if provider.key_option and key:
        options[provider.key_option] = key
    # Where events are signed, the signature is asked for; a password may be asked for as well.
    if not options or (provider.key_option and provider.key_option not in options):
        return None
    return {"VIEW": f"anymail.webhooks.{provider.module}.{provider.view}", "OPTIONS": options}


def _user(parts: SplitResult) -> str:
    return unquote(parts.username or "")
