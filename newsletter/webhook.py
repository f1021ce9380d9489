"""Where a mail provider tells what became of mails."""

import logging

from anymail.exceptions import AnymailError
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

logger = logging.getLogger(__name__)


@csrf_exempt
def provider_events(request: HttpRequest) -> HttpResponseBase:
    """Take the events of the provider that sends our mail; newsletter.providers acts on them.

    anymail checks who calls, by the provider's signature or its password, and answers 400 to
    anybody else. Without a provider, or without a means to tell it, there is no such page.
    """
    hook = settings.MAIL_WEBHOOK
    if hook is None:
        raise Http404
    view = import_string(hook["VIEW"])(**hook["OPTIONS"])
    view.setup(request)
    try:
        response: HttpResponseBase = view.dispatch(request)
    except (AnymailError, AttributeError, LookupError, TypeError, ValueError) as error:
        logger.warning("A mail provider's events cannot be read: %s", type(error).__name__)
        return HttpResponseBadRequest()
    return response
