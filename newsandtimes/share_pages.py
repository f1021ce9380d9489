"""Where editors bring pages from elsewhere: from a bookmark, or from a telephone's share menu.

GET shows what was handed over, in a form, and changes nothing; what becomes of it is for the press
of a button to say, each with a right of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aggregator import bringing, offers
from aggregator.bringing import Page
from aggregator.models import Collection, Headline
from aggregator.offers import AddressError, Offer
from blog import audit
from blog.addresses import absolute
from blog.audit import Kind
from blog.drafting import NoCategoryError, Source, draft_once
from blog.models import User
from newsandtimes.bookmarklet import bookmarklet
from newsandtimes.share_form import ShareForm, allowed_networks

RIGHTS = ("aggregator.add_pick", "aggregator.change_headline", "blog.add_post")
"""To pick a page, to leave it at the Desk, to write about it."""
PARAMETERS = ("title", "text", "url", "canonical", "lang")
DESK, POST = "desk", "post"
"""What the buttons name beside collections."""


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody with what they may do with a page."""

    user: User
    may_pick: bool
    may_leave: bool
    may_write: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "Editor":
        """Return who asks; raises PermissionDenied for those who may do nothing here."""
        user = request.user
        if not isinstance(user, User) or not may_share(user):
            raise PermissionDenied
        return cls(user, *map(user.has_perm, RIGHTS))


def may_share(user: User | AnonymousUser) -> bool:
    """Whether somebody may do anything with a page."""
    return any(map(user.has_perm, RIGHTS))


@require_http_methods(["GET", "HEAD", "POST"])
def share_view(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """Show the form, filled in with what was handed over; do what its buttons say."""
    editor = Editor.of(request)
    context: dict[str, Any] = {
        "editor": editor,
        "collections": list(Collection.objects.all()) if editor.may_pick else [],
    }
    if request.method == "POST":
        form = ShareForm(request.POST)
        done = form.is_valid() and _decide(request, form, editor, context["collections"])
        if done:
            return done
        context |= {"form": form, "has_offer": True}
    else:
        context |= _offered(request, editor)
    context |= {
        "title": _("Share a page"),
        "bookmarklet": bookmarklet(absolute(reverse("admin:share"))),
        **site.each_context(request),
    }
    return render(request, "admin/share/share.html", context)


def _offered(request: HttpRequest, editor: Editor) -> dict[str, Any]:
    """Return what the page shows of what was handed over."""
    offer = offers.read_offer(request.GET.dict())
    refusal, known = "", None
    if offer.url:
        try:
            address = offers.usable_address(offer.url, allowed=allowed_networks())
        except AddressError as error:
            refusal = str(error.reason)
        else:
            may_see = editor.may_pick or editor.may_leave
            known = bringing.known(address) if may_see else None
    form = ShareForm(initial=_initial(offer, known))
    form.fields["outlet"].widget.attrs["placeholder"] = offer.outlet
    if refusal:
        form.fields["source_url"].widget.attrs.pop("data-fill")  # there is nothing to look at
    return {
        "form": form,
        "refusal": refusal,
        "known": known,
        "stands_in": _stands_in(known),
        "has_offer": any(request.GET.get(name) for name in PARAMETERS),
    }


def _initial(offer: Offer, known: Headline | None) -> dict[str, str]:
    """Return what the fields say; a headline that is here already has its own title."""
    return {
        "source_url": offer.url,
        "title": known.title if known else offer.title,
        "quote": offer.quote,
        "language": known.language if known else offer.language,
    }


def _stands_in(known: Headline | None) -> list[str]:
    if known is None:
        return []
    standing = known.picks.standing().select_related("collection").order_by("collection__position")
    return [pick.collection.title for pick in standing]


def _decide(
    request: HttpRequest, form: ShareForm, editor: Editor, collections: Sequence[Collection]
) -> HttpResponse | None:
    """Do what the pressed button says; None where it could not be done, and the form says why."""
    into = request.POST.get("into", "")
    may = {POST: editor.may_write, DESK: editor.may_leave}.get(into, editor.may_pick)
    if not may:
        raise PermissionDenied
    if into == POST:
        return _write(request, form, editor)
    if into == DESK:
        return _leave(request, form, editor)
    for collection in collections:
        if str(collection.pk) == into:
            return _pick(request, form, editor, collection)
    form.add_error(None, _("Press one of the buttons below: where is this page to go?"))
    return None


def _pick(
    request: HttpRequest, form: ShareForm, editor: Editor, collection: Collection
) -> HttpResponse:
    pick = bringing.pick_page(_page(form), collection, by=editor.user, now=timezone.now())
    names = {"title": pick.shown_title, "collection": collection.title}
    link = reverse("admin:aggregator_pick_change", args=[pick.pk])
    _tell(request, _("“%(title)s” stands in “%(collection)s”.") % names, link, _("Open the pick"))
    return redirect("admin:share")


def _leave(request: HttpRequest, form: ShareForm, editor: Editor) -> HttpResponse:
    brought = bringing.bring(_page(form), now=timezone.now())
    names = {"title": brought.headline.title}
    if brought.is_new:
        audit.record(Kind.ADDED, by=editor.user, obj=brought.headline, words=_("Added."))
        words = _("“%(title)s” waits at the Desk.") % names
    else:
        words = _("“%(title)s” is here already; nothing has changed.") % names
    link = reverse("admin:aggregator_headline_change", args=[brought.headline.pk])
    _tell(request, words, link, _("Open the headline"))
    return redirect("admin:share")


def _write(request: HttpRequest, form: ShareForm, editor: Editor) -> HttpResponse | None:
    said = form.cleaned_data
    source = Source(
        url=said["source_url"],
        title=said["title"],
        outlet=said["outlet"],
        quote=said["quote"],
        language=said["language"],
    )
    try:
        begun = draft_once(source, by=editor.user, now=timezone.now())
    except NoCategoryError:
        form.add_error(None, _("A post stands in a category, and there is none yet."))
        return None
    if begun.is_new:
        audit.record(Kind.ADDED, by=editor.user, obj=begun.post, words=_("Added."))
    messages.success(request, _("This is a draft: nobody sees it before it is published."))
    return redirect("admin:blog_post_change", begun.post.pk)


def _page(form: ShareForm) -> Page:
    said = form.cleaned_data
    return Page(
        url=said["source_url"], title=said["title"], quote=said["quote"], language=said["language"]
    )


def _tell(request: HttpRequest, words: str, link: str, label: str) -> None:
    messages.success(request, format_html('{} <a href="{}">{}</a>', words, link, label))
