"""The bylines."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from blog import rights
from blog.admin.lists import LongListAdmin
from blog.models import Author
from blog.rights import user_of


@admin.register(Author)
class AuthorAdmin(LongListAdmin[Author]):
    """Bylines."""

    list_display = ["name", "slug", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    sortable_by = ["name"]
    autocomplete_fields = ["user"]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Name logins only to those who may see users."""
        return [name for name in self.list_display if name != "user" or _sees_users(request)]

    def get_readonly_fields(self, request: HttpRequest, obj: Author | None = None) -> list[str]:
        """Let only those who may see users say whose byline it is: it makes posts their own."""
        return [] if _sees_users(request) else ["user"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Author], search_term: str
    ) -> tuple[QuerySet[Author], bool]:
        """Offer on a post's page only the bylines with which this editor may sign."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.GET.get("model_name") == "post":
            found = found.filter(pk__in=rights.bylines_for(user_of(request)).values("pk"))
        return found, may_repeat


def _sees_users(request: HttpRequest) -> bool:
    return request.user.has_perm("blog.view_user")
