"""Posts: their list, and the page on which they are written."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Field, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from blog.admin.appearance import Appearance
from blog.admin.bulk import BulkActions
from blog.admin.corrections import CorrectionInline
from blog.admin.filters import PickedFilter, StateFilter
from blog.admin.post_actions import PostActions
from blog.admin.post_rights import PostRights
from blog.admin.texts import TextAdmin
from blog.admin.widgets import ImageSelect
from blog.dates import short_date
from blog.forms import PostForm
from blog.models import Author, Correction, Post
from blog.rights import user_of
from blog.templatetags import dates
from blog.text import hashtags


@admin.register(Post)
class PostAdmin(PostRights, Appearance, PostActions, TextAdmin[Post], BulkActions):
    """Posts, the last touched first."""

    form = PostForm
    change_form_template = "admin/blog/post/change_form.html"
    list_display = ["title", "state", "kind", "category", "signed", "dated", "touched"]
    list_filter = [StateFilter, "kind", ("category", PickedFilter), "language"]
    list_select_related = ["category"]
    search_fields = ["title"]
    sortable_by = ["touched"]
    autocomplete_fields = ["category", "categories", "authors"]
    # The first stands at the left, the others beside it; the buttons follow the second.
    fieldsets = [
        (None, {"fields": ["title", "standfirst", "body", "image"]}),
        (
            _("Publication"),
            {"fields": ["status", "published_at", "pinned_until", "slug", "review_note"]},
        ),
        (_("Sections"), {"fields": ["category", "categories", "tags", "authors"]}),
        (_("Kind and source"), {"fields": ["kind", "source_url", "outlet", "language"]}),
    ]

    def formfield_for_dbfield(self, db_field: Field[Any, Any], *args: Any, **kwargs: Any) -> Any:
        """Let the lead picture be chosen in the library."""
        field = super().formfield_for_dbfield(db_field, *args, **kwargs)
        if db_field.name == "image" and isinstance(field, ModelChoiceField):
            field.widget = ImageSelect(db_field, self.admin_site, choices=field.choices)
        return field

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Correct in the open only what readers can have read."""
        return [CorrectionInline] if obj is not None and obj.was_public else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        """Leave the texts in the database while only a list is shown."""
        posts = super().get_queryset(request)
        if _is_one_object(request):
            return posts
        return posts.defer("body", "standfirst", "summary", "review_note")

    def get_ordering(self, request: HttpRequest) -> Any:
        """Show the last touched first, but what has a date by its date."""
        has_date = request.GET.get("state") in {StateFilter.SCHEDULED, Post.Status.PUBLISHED}
        return ["-published_at", "-id"] if has_date else ["-updated_at", "-id"]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Load the names of the authors for a list, and for nothing else."""
        found = super().get_changelist_instance(request)
        models.prefetch_related_objects(found.result_list, "authors")
        return found

    @admin.display(description=_("published"), empty_value="–")
    def dated(self, post: Post) -> SafeString | None:
        """Tell its date in short, a time to come by the hour."""
        return dates.short(post.published_at) if post.published_at else None

    @admin.display(description=_("touched"), ordering="updated_at")
    def touched(self, post: Post) -> SafeString:
        """Tell how long ago it was saved."""
        return dates.age(post.updated_at)

    @admin.display(description=_("authors"), empty_value="–")
    def signed(self, post: Post) -> str:
        """Name who signs it."""
        return ", ".join(author.name for author in post.authors.all())

    @admin.display(description=_("state"), ordering="status")
    def state(self, post: Post) -> str:
        """Say "Scheduled" where status and date together mean it, and how long it is pinned."""
        now = timezone.now()
        state = post.get_status_display()
        if post.published_at and post.is_public_status and post.published_at > now:
            state = _t("Scheduled")
        if not (post.pinned_until and post.is_pinned_at(now)):
            return state
        until = short_date(post.pinned_until)
        return _t("%(state)s, pinned until %(until)s") % {"state": state, "until": until}

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Sign new corrections."""
        for row in formset.forms:
            if isinstance(row.instance, Correction) and row.instance._state.adding:
                row.instance.made_by = user_of(request)
        super().save_formset(request, form, formset, change)

    def complete(self, text: Post) -> None:
        """Make the ``#Hashtags`` of the title tags, after the form has set its own."""
        text.tags.add(*hashtags(text.title))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Sign a new post with the editor's own byline."""
        own = Author.objects.filter(user=request.user.pk or 0).values_list("pk", flat=True)
        return {"authors": list(own), **super().get_changeform_initial_data(request)}

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Offer the public page only of what is public."""
        is_visible = obj is not None and Post.objects.published().filter(pk=obj.pk).exists()
        return super().get_view_on_site_url(obj) if is_visible else None


def _is_one_object(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "object_id" in match.kwargs
