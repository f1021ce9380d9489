"""Writes the Desk: the page, its rows, and what is said of each."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from aggregator.desk import choices, listing, rows
from aggregator.desk.deeds.families import FAMILIES
from aggregator.desk.filters import HOURS, Filters
from aggregator.desk.listing import Cursor
from aggregator.desk.panels import Panels
from aggregator.desk.rows import Row
from aggregator.models import Feed
from blog.models import User

FOLDER = "admin/desk/"
ROW, ROWS = f"{FOLDER}_row.html", f"{FOLDER}_rows.html"
NAMES = ("rows", "decide", "undo", "seen", "news", "views")
"""Of the addresses beside the Desk's own."""


def page(request: HttpRequest, filters: Filters, *, now: datetime, user: User) -> dict[str, Any]:
    """Return what the page shows, after a cursor where its address has one."""
    after = Cursor.of(request.GET.get("after", ""))
    offered = choices.load(user, feed=filters.feed, now=now)
    common = _common(request, filters, user, offered.options)
    context = {
        **_some_rows(common, filters, after, now=now, user=user, counts=True),
        **common,
        "choices": offered,
        "options": offered.options,
        "hours": HOURS,
        "fresh_key": uuid.uuid4(),
        "feed": None,
        "next_feed": _next_feed(offered.next_feed, filters),
    }
    if filters.feed:
        shown = context["rows"][0].headline.feed if context["rows"] else None
        context["feed"] = shown or Feed.objects.filter(pk=filters.feed).first()
    languages = {row.headline.language for row in context["rows"]} | {filters.language}
    context["languages"] = sorted(languages.union(dict(settings.LANGUAGES)) - {""})
    return context


def _next_feed(feed: int | None, filters: Filters) -> str:
    """Return the address of the next feed in which something waits, "" for none."""
    if feed is None:
        return ""
    return f"{reverse('admin:desk')}?{replace(filters, feed=feed).query}"


def more(request: HttpRequest, filters: Filters, *, now: datetime, user: User) -> str:
    """Return the rows behind a cursor as HTML."""
    after = Cursor.of(request.GET.get("after", ""))
    common = _common(request, filters, user, choices.options())
    context = _some_rows(common, filters, after, now=now, user=user, counts=False)
    return render_to_string(ROWS, context | common, request)


def rows_of(request: HttpRequest, rows: list[Row], filters: Filters, *, user: User) -> list[str]:
    """Return some rows as HTML, each for itself."""
    common = _common(request, filters, user, choices.options())
    whole = _with_panels(rows, common)
    return [render_to_string(ROW, common | {"row": one}, request).strip() for one in whole]


def _some_rows(
    common: Mapping[str, Any],
    filters: Filters,
    after: Cursor | None,
    *,
    now: datetime,
    user: User,
    counts: bool,
) -> dict[str, Any]:
    found = listing.screen(filters, now=now, after=after, counts=counts)
    loaded, marks = rows.load(found.headlines, filters, now=now, user=user)
    return {
        "rows": _with_panels(loaded, common),
        "after": found.after,
        "left": listing.left_in_words(found.left),
        "marks": marks,
    }


def _with_panels(rows: Iterable[Row], common: Mapping[str, Any]) -> list[Row]:
    panels = Panels(common)
    return [replace(row, further=panels.of(row)) for row in rows]


def _common(
    request: HttpRequest, filters: Filters, user: User, collections: SafeString
) -> dict[str, Any]:
    """Return what each row needs, found once for all of them."""
    desk, query = reverse("admin:desk"), filters.query
    may = {str(kind): user.has_perm(family.right) for kind, family in FAMILIES.items()}
    return {
        "filters": filters,
        "query": query,
        "back": f"{desk}?{query}" if query else desk,
        "urls": {name: reverse(f"admin:desk_{name}") for name in NAMES} | {"desk": desk},
        "may": may,
        "once": {
            "actions": render_to_string(f"{FOLDER}_actions.html", {"may": may}),
            "collections": render_to_string(
                f"{FOLDER}_collections.html", {"may": may, "options": collections}
            ),
            "languages": render_to_string(f"{FOLDER}_language_options.html", {"chosen": ""}),
        },
    }
