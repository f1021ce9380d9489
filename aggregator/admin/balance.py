"""The outlets of a collection, on its page in the newsroom."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from aggregator.balance import of_collection
from aggregator.models import Collection


class BalancePage(admin.ModelAdmin[Collection]):
    """Mixed into the collections' admin."""

    change_form_template = "admin/aggregator/collection/change_form.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show of a collection that is there what it is made of."""
        collection = kwargs.get("obj")
        if collection is not None:
            context["balance"] = of_collection(collection, now=timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)
