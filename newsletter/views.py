"""Signing up, confirming, leaving and coming back.

No page here sets a cookie, but for the sign-up form when a browser does not say where a post comes
from (see newsletter.subscribing.origin). What a subscriber sets herself is in
newsletter.subscription.own_page.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from newsletter import archive, links
from newsletter.subscribing import gate, signup
from newsletter.subscribing.forms import SignUpForm
from newsletter.subscribing.origin import foreign_origin, has_csrf_token, is_allowed, is_same_origin
from newsletter.subscription.own_page import own_page
from newsletter.subscription.token_pages import SEE_OTHER, token_page

ONCE_MORE = _("One more press, please: then we know that no robot is at work.")
NOT_OURS = _("Your browser did not say that the form was ours. Please press the button once more.")
FROM_ELSEWHERE = _("You come from %(origin)s. Press the button here, and a message is on its way.")
TOO_MANY = _("There were many sign-ups from your network within an hour. Please try again later.")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show the form, or take it and answer every acceptable address alike."""
    now = timezone.now()
    if request.method != "POST":
        return _form_page(request, SignUpForm(now=now))
    other = foreign_origin(request)
    form = SignUpForm(request.POST, now=now, origin=other)
    is_ours = is_same_origin(request) or is_allowed(other)
    if not is_ours and not has_csrf_token(request):
        notice = str(FROM_ELSEWHERE) % {"origin": other} if other else str(NOT_OURS)
        return _form_page(request, form, notice=notice, needs_token=True, status=403)
    if not form.is_valid():
        return _form_page(request, form, needs_token=not is_ours, status=400)
    if form.is_trapped:
        return _check_your_inbox()
    if not form.is_stamped and not is_allowed(other):
        return _form_page(request, form, notice=str(ONCE_MORE), needs_token=not is_ours)
    answer = gate.knock(
        form.wish(), network=gate.network_of(request), is_sure=form.is_sure, now=now
    )
    if answer is gate.Answer.TOO_MANY:
        notice = str(TOO_MANY)
        page = _form_page(request, form, notice=notice, needs_token=not is_ours, status=429)
        page["Retry-After"] = str(int(gate.HOUR.total_seconds()))
        return page
    if answer is gate.Answer.ONCE_MORE:
        return _form_page(request, form, notice=str(ONCE_MORE), needs_token=not is_ours)
    return _check_your_inbox()


def _form_page(
    request: HttpRequest,
    form: SignUpForm,
    *,
    notice: str = "",
    needs_token: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "notice": "" if form.is_bound and form.errors else notice,
        "needs_token": needs_token,
        "has_archive": archive.past_digests().exists(),
    }
    response = render(request, "newsletter/subscribe.html", context, status=status)
    response["Cache-Control"] = "private"
    return response


def _check_your_inbox() -> HttpResponse:
    return HttpResponseRedirect(reverse("newsletter:check-your-inbox"), status=SEE_OTHER)


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
