"""The newsroom's search over everything: by words, to each what they may see.

Each group asks the admin of its model, as its own list does: who may look, which rows, and how it
searches. So what is found here is found there, and nothing more; each group is one query.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aggregator.models import Collection, Feed, Headline
from blog.models import Author, Category, Image, Page, Post, Tag
from newsletter.models import Subscriber

SHOWN = 10
LOOKED_AT = 100
"""Of more matches of a kind than these, the newest are looked at: one may not see each of them."""
LONGEST = 200
_GROUPS: dict[type[Model], str] = {
    Post: "updated_at",
    Page: "updated_at",
    Image: "created_at",
    Headline: "published_at",
    Collection: "",
    Feed: "",
    Category: "",
    Tag: "",
    Author: "",
    Subscriber: "created_at",
}
"""In the order in which they are shown, each with its date."""


@dataclass(frozen=True, slots=True)
class Found:
    """One row that was found."""

    label: str
    link: str
    note: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind."""

    title: str
    rows: Sequence[Found]
    link: str
    has_more: bool


def search(site: AdminSite, request: HttpRequest, text: str) -> list[Group]:
    """Return what was found, group by group, at most one query for each; empty groups are out."""
    groups = []
    setattr(request, "most_found", LOOKED_AT)  # noqa: B010  HttpRequest declares no such name
    for model, date in _GROUPS.items():
        model_admin = site._registry.get(model)
        if model_admin is None or not model_admin.has_view_or_change_permission(request):
            continue
        rows = _rows(model_admin, request, text)
        if rows:
            groups.append(_group(model_admin, rows, date=date, text=text))
    return groups


def _rows(model_admin: admin.ModelAdmin[Any], request: HttpRequest, text: str) -> list[Any]:
    rows = model_admin.get_queryset(request)
    found, may_repeat = model_admin.get_search_results(request, rows, text)
    if may_repeat:
        found = found.distinct()
    return list(found.order_by("-pk")[: SHOWN + 1])


def _group(
    model_admin: admin.ModelAdmin[Any], rows: Sequence[Any], *, date: str, text: str
) -> Group:
    opts = model_admin.opts
    name = f"admin:{opts.app_label}_{opts.model_name}"
    return Group(
        title=capfirst(str(opts.verbose_name_plural)),
        rows=[
            Found(
                label=str(row) or _("without a name"),
                link=reverse(f"{name}_change", args=[row.pk]),
                note=_note_of(row),
                at=getattr(row, date) if date else None,
            )
            for row in rows[:SHOWN]
        ],
        link=f"{reverse(f'{name}_changelist')}?{urlencode({'q': text})}",
        has_more=len(rows) > SHOWN,
    )


def _note_of(row: Model) -> str:
    """Say in a word what tells a row from others of its name."""
    match row:
        case Post() if row.published_at and row.is_public_status and not row.was_public:
            return _("Scheduled")
        case Post() | Page():
            return str(row.get_status_display())
        case Headline():
            return row.outlet
        case Feed():
            return row.host
        case Subscriber():
            return str(row.get_state_display())
        case _:
            return ""


@require_safe
def search_view(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """Show what was found; to a script that asks while one types, the results alone."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    groups = search(site, request, text) if text else []
    context = {
        "text": text,
        "groups": groups,
        "found": sum(len(group.rows) for group in groups),
        "shown": SHOWN,
    }
    if "part" in request.GET:
        return render(request, "admin/search/_results.html", context)
    whole = {**site.each_context(request), "title": _("Search everything"), **context}
    return render(request, "admin/search/search.html", whole)
