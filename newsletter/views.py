"""Signing up, confirming, leaving and coming back.

No page here sets a cookie, but for the sign-up form when a browser does not say where a post comes
from (see newsletter.origin). What a subscriber sets herself is in newsletter.own_page.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from newsletter import archive, links, signup
from newsletter.forms import SignUpForm
from newsletter.origin import has_csrf_token, is_same_origin
from newsletter.own_page import own_page
from newsletter.token_pages import SEE_OTHER, token_page


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show the form, or take it and answer every acceptable address alike."""
    if request.method != "POST":
        return _form_page(request, SignUpForm())
    form = SignUpForm(request.POST)
    is_ours = is_same_origin(request)
    if not is_ours and not has_csrf_token(request):
        return _form_page(request, form, needs_token=True, status=403)
    if not form.is_valid():
        return _form_page(request, form, needs_token=not is_ours, status=400)
    form.sign_up(now=timezone.now())
    return HttpResponseRedirect(reverse("newsletter:check-your-inbox"), status=SEE_OTHER)


def _form_page(
    request: HttpRequest, form: SignUpForm, *, needs_token: bool = False, status: int = 200
) -> HttpResponse:
    has_archive = archive.past_digests().exists()
    context = {"form": form, "needs_token": needs_token, "has_archive": has_archive}
    return render(request, "newsletter/subscribe.html", context, status=status)


@require_safe
def check_your_inbox(request: HttpRequest) -> HttpResponse:
    """Say what happens next, whoever asked."""
    response = render(request, "newsletter/check_your_inbox.html")
    response["X-Robots-Tag"] = "noindex"
    return response


@token_page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that confirms; pressed, and ever after, say that it is done."""
    now = timezone.now()
    subscriber = signup.find_to_confirm(token, now=now)
    if request.method == "POST":
        signup.confirm(subscriber, now=now)
        return HttpResponseRedirect(request.path, status=SEE_OTHER)
    context = {"subscriber": subscriber, "own_page": links.subscription_path(subscriber)}
    return render(request, "newsletter/confirm.html", context)


@token_page
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End the subscription on POST, from the page's button or in one click from the mailbox.

    The answer is 200 without a redirect, a second time too (RFC 8058). Opened as a link, it leads
    to the button.
    """
    subscriber = signup.find_subscription(token)
    if request.method != "POST":
        return HttpResponseRedirect(links.subscription_path(subscriber))
    signup.unsubscribe(subscriber, now=timezone.now())
    return own_page(request, subscriber)


@token_page
def resubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Take an unsubscribing back on POST."""
    subscriber = signup.find_subscription(token)
    if request.method == "POST":
        signup.resubscribe(subscriber, now=timezone.now())
    return HttpResponseRedirect(links.subscription_path(subscriber), status=SEE_OTHER)
