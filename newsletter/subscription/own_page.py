"""The subscriber's own page, without a password: what she gets, when, where, and what we hold."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from newsletter import links
from newsletter.models import Subscriber
from newsletter.subscribing import signup
from newsletter.subscribing.forms import AddressForm
from newsletter.subscription import choices, erasing, moving, my_data
from newsletter.subscription.choices import ChoicesForm, PauseForm
from newsletter.subscription.token_pages import SEE_OTHER, token_page

MAILS_SHOWN = 30
DONE = ("saved", "paused", "resumed", "asked")
"""What the page can say that it has done, by the query that it is led to."""
State = Subscriber.State


@token_page
def subscription(request: HttpRequest, token: str) -> HttpResponse:
    """Show a subscriber her choices, and take them."""
    subscriber, now = signup.find_subscription(token), timezone.now()
    if request.method != "POST" or subscriber.state != State.ACTIVE:
        return own_page(request, subscriber)
    form = ChoicesForm(request.POST, instance=subscriber, now=now)
    if not form.is_valid():
        return own_page(request, signup.find_subscription(token), choices_form=form, status=400)
    form.save_choices(now=now)
    return _back(subscriber, "saved")


@token_page
def pause(request: HttpRequest, token: str) -> HttpResponse:
    """Begin or end a pause on POST."""
    subscriber, now = signup.find_subscription(token), timezone.now()
    if request.method != "POST":
        return HttpResponseRedirect(links.subscription_path(subscriber))
    form = PauseForm(request.POST, today=choices.today_of(subscriber, now=now))
    if not form.is_valid():
        return own_page(request, subscriber, pause_form=form, status=400)
    until = form.cleaned_data["until"]
    choices.pause(subscriber, until=until, now=now)
    return _back(subscriber, "paused" if until else "resumed")


@token_page
def change_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the new address on POST, and say the same whatever we know of it."""
    subscriber = signup.find_subscription(token)
    if request.method != "POST":
        return HttpResponseRedirect(links.subscription_path(subscriber))
    form = AddressForm(request.POST, auto_id="new_%s")
    if not form.is_valid():
        return own_page(request, subscriber, address_form=form, status=400)
    moving.ask(subscriber, email=form.cleaned_data["email"], now=timezone.now())
    return _back(subscriber, "asked")


@token_page
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that changes the address; pressed, and ever after, say that it is done."""
    now = timezone.now()
    change = moving.find_change(token, now=now)
    if request.method == "POST":
        moving.move(change, now=now)
        return HttpResponseRedirect(request.path, status=SEE_OTHER)
    own = links.subscription_path(change.subscriber)
    context = {"change": change, "own_page": own}
    return render(request, "newsletter/move.html", context)


@token_page
def data(request: HttpRequest, token: str) -> HttpResponse:
    """Show everything that we hold of her; the file has what the page has no room for."""
    subscriber = signup.find_subscription(token)
    context = {
        "subscriber": subscriber,
        "token": token,
        "events": subscriber.events.all(),
        "mails": my_data.mails(subscriber)[:MAILS_SHOWN],
        "mail_count": subscriber.deliveries.count(),
        "bounces": subscriber.bounces.all(),
        "topics": [*subscriber.categories.all(), *subscriber.collections.public()],
    }
    return render(request, "newsletter/my_data.html", context)


@token_page
def data_file(request: HttpRequest, token: str) -> HttpResponse:
    """Give everything that we hold of her as a file for programs."""
    response = JsonResponse(
        my_data.held(signup.find_subscription(token)),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@token_page
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether she means it, and erase her on POST."""
    subscriber = signup.find_subscription(token)
    is_gone = request.method == "POST"
    if is_gone:
        erasing.erase(subscriber, now=timezone.now())
    context = {"subscriber": subscriber, "token": token, "is_gone": is_gone}
    return render(request, "newsletter/erase.html", context)


def own_page(
    request: HttpRequest, subscriber: Subscriber, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Show the page that fits a subscriber's state; ``forms`` are those that hold errors."""
    now = timezone.now()
    today = choices.today_of(subscriber, now=now)
    context: dict[str, Any] = {
        "subscriber": subscriber,
        "token": links.subscription_path(subscriber).strip("/").rpartition("/")[2],
        "done": next((word for word in DONE if word in request.GET), ""),
        "is_paused": bool(subscriber.paused_until and subscriber.paused_until > today),
        "pauses": choices.PAUSES_DAYS,
    }
    if subscriber.state == State.ACTIVE:
        forms.setdefault("choices_form", ChoicesForm(instance=subscriber, now=now))
        forms.setdefault("pause_form", PauseForm(today=today))
    forms.setdefault("address_form", AddressForm(auto_id="new_%s"))
    return render(request, "newsletter/subscription.html", context | forms, status=status)


def _back(subscriber: Subscriber, done: str) -> HttpResponse:
    """Lead to the page anew; the fragment puts the reader at what was done."""
    path = f"{links.subscription_path(subscriber)}?{done}#done"
    return HttpResponseRedirect(path, status=SEE_OTHER)
