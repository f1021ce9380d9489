"""The outlets of the usual collection, beside the Desk, when somebody wants to see them."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aggregator.balance import of_collection
from aggregator.desk.deeds.placing import default_collection
from aggregator.desk.errors import RefusedError


@require_safe
def balance_view(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """Show them as a page; the Desk's script takes its middle."""
    context: dict[str, Any] = {"title": _("Outlets"), **site.each_context(request)}
    try:
        collection = default_collection()
    except RefusedError as error:
        context["refusal"] = str(error)
    else:
        publication = getattr(request, "publication", None)
        context["balance"] = of_collection(collection, now=timezone.now(), site=publication)
    return render(request, "admin/desk/balance.html", context)
