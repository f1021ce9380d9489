"""A question before an action on many rows: how many they are, and which."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from blog.paging import COUNTED_AT_MOST

ASKED_FROM = 51
"""What stands on one page of a list has been seen by whoever chose it."""
NAMED = 30
CONFIRMED = "confirmed"


def ask_first(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    question: str,
    at_least: int = ASKED_FROM,
) -> TemplateResponse | None:
    """Return the page that asks, or None where there is nothing (more) to be asked."""
    if CONFIRMED in request.POST:
        return None
    count = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    if count < at_least:
        return None
    index = request.POST.get("index", "0")
    actions = request.POST.getlist("action")
    place = int(index) if index.isdecimal() and int(index) < len(actions) else 0
    named = list(rows[:NAMED])
    context = {
        **model_admin.admin_site.each_context(request),
        "title": question,
        "opts": model_admin.opts,
        "count": count,
        "named": named,
        "more": count - len(named),
        "action": actions[place] if actions else "",
        "across": request.POST.get("select_across", "0"),
        "chosen": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
        "confirmed": CONFIRMED,
    }
    return TemplateResponse(request, "admin/blog/ask_first.html", context)
