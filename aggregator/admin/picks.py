"""Picks in the newsroom: the outlet's words, and ours beside them."""

from functools import partial

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aggregator.admin.watch import WatchViews
from aggregator.desk.rewording import reword
from aggregator.models import Headline, Pick
from blog import finding
from blog.admin.asking import ask_first
from blog.admin.filters import PickedFilter
from blog.admin.lists import LongListAdmin
from blog.rights import user_of
from blog.templatetags import dates


@admin.register(Pick)
class PickAdmin(WatchViews, LongListAdmin[Pick]):
    """What stands in the collections, newest first."""

    list_display = [
        *("shown_title", "collection", "picked_by", "placed", "pinned", "is_withdrawn"),
    ]
    list_filter = [
        ("collection", PickedFilter),
        "is_pinned",
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["headline", "collection", "picked_by"]
    search_fields = ["title"]
    search_help_text = _("Words of the title, the outlet’s or ours, or how they begin.")
    ordering = ["-placed_at", "-id"]
    sortable_by = ["placed"]
    autocomplete_fields = ["collection", "headline"]
    readonly_fields = ["theirs", "picked_by", "withdrawn_at", "source"]
    change_form_template = "admin/aggregator/pick/change_form.html"
    actions = ["withdraw"]
    # The first two stand beside each other.
    fieldsets = [
        (_("The outlet’s words"), {"fields": ["headline", "theirs"]}),
        (
            _("Our words"),
            {
                "fields": [
                    *("title", "excerpt", "note", "title_language"),
                    *("translated_title", "translated_language"),
                ]
            },
        ),
        (_("Source"), {"fields": ["source", "former_title", "archived_url"]}),
        (
            _("Place"),
            {
                "fields": [
                    *(
                        "collection",
                        "picked_by",
                        "placed_at",
                        "is_pinned",
                        "pinned_until",
                        "position",
                        "is_breaking",
                    ),
                    *("until", "withdrawn_at"),
                ]
            },
        ),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Pick], search_term: str
    ) -> tuple[QuerySet[Pick], bool]:
        """Find picks by the words of their headlines, and of our own titles."""
        if not search_term.strip():
            return queryset, False
        headlines = finding.find(Headline.objects.order_by(), search_term).values("pk")
        theirs = Pick.objects.order_by().filter(headline__in=headlines).values("pk")
        ours = finding.find(Pick.objects.order_by(), search_term).values("pk")
        return queryset.filter(pk__in=theirs.union(ours)), False

    @admin.display(description=_("what it says"))
    def theirs(self, pick: Pick) -> SafeString:
        """Show title and summary as they came, for whoever rewrites them."""
        if not pick.headline_id:
            return SafeString("")
        context = {"headline": pick.headline}
        return render_to_string("admin/aggregator/pick/theirs.html", context)

    @admin.display(description=_("title"))
    def shown_title(self, pick: Pick) -> str:
        """Show what readers see."""
        return pick.shown_title

    @admin.display(description=_("placed"), ordering="placed_at")
    def placed(self, pick: Pick) -> SafeString:
        """Tell in short since when it is there."""
        return dates.short(pick.placed_at)

    @admin.display(description=_("pinned"), boolean=True)
    def pinned(self, pick: Pick) -> bool:
        """Whether it was pinned to the top."""
        return pick.is_pinned

    @admin.display(description=_("withdrawn"), boolean=True, ordering="withdrawn_at")
    def is_withdrawn(self, pick: Pick) -> bool:
        """Whether it was taken out again."""
        return pick.withdrawn_at is not None

    def save_model(
        self, request: HttpRequest, obj: Pick, form: ModelForm[Pick], change: bool
    ) -> None:
        """Sign a new pick with the editor's name; let the Desk know of words that were changed."""
        editor, store = user_of(request), partial(super().save_model, request, obj, form, change)
        if change:
            reword(obj, store, by=editor, now=timezone.now())
        else:
            obj.picked_by = editor
            store()

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request: HttpRequest, picks: QuerySet[Pick]) -> TemplateResponse | None:
        """Take the chosen picks out of their collections."""
        if asks := ask_first(self, request, picks, question=_t("Withdraw all of these picks?")):
            return asks
        now = timezone.now()
        count = picks.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
        text = ngettext("%(count)d pick withdrawn.", "%(count)d picks withdrawn.", count)
        self.message_user(request, text % {"count": count})
        return None
