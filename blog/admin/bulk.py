"""What is done with many posts at once: asked first, then done by the rules of a single post."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from taggit.forms import TagField

from blog import audit, rights, versions
from blog.admin.lists import LongListAdmin
from blog.models import Category, Post, User
from blog.rights import user_of

MOST_AT_ONCE = 500
"""Each is saved, versioned and logged by itself, while the editor waits."""
NAMED = 30

type Refusal = Callable[[User, Post], str]
"""Why this editor cannot do it with this post as it stands; "" if they can."""


class CategoryForm(forms.Form):
    """Into which category posts go."""

    category = forms.ModelChoiceField(Category.objects.all(), label=_("Category"))


class TagsForm(forms.Form):
    """Which tags posts get."""

    tags = TagField(label=_("Tags"), help_text=_("Separated by commas."))


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that is done with many posts."""

    name: str
    question: Any
    refusal: Refusal
    act: Callable[[Post, dict[str, Any]], None]
    logged: Any
    kind: audit.Kind = audit.Kind.DONE
    form: type[forms.Form] | None = None


def _cannot_go_to(state: Post.Status) -> Refusal:
    def refusal(user: User, post: Post) -> str:
        if post.status == state:
            return _t("is already in that state")
        if not rights.may_edit(user, post):
            return _t("is not yours to change")
        if state not in rights.states_for(user, post):
            return _t("cannot go there from the state it is in")
        return ""

    return refusal


def _cannot_be_published(user: User, post: Post) -> str:
    found = _cannot_go_to(Post.Status.PUBLISHED)(user, post)
    if found:
        return found
    stands = Post.objects.get(pk=post.pk)
    stands.status = Post.Status.PUBLISHED
    try:
        stands.clean()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _cannot_be_withdrawn(user: User, post: Post) -> str:
    if not post.can_be_withdrawn:
        return _t("is not public")
    return "" if rights.may_publish(user, post) else _t("is not yours to withdraw")


def _cannot_be_changed(user: User, post: Post) -> str:
    return "" if rights.may_edit(user, post) else _t("is not yours to change")


def _go_to(state: Post.Status) -> Callable[[Post, dict[str, Any]], None]:
    def act(post: Post, _values: dict[str, Any]) -> None:
        post.status = state
        post.save(update_fields=["status", "published_at", "updated_at"])

    return act


def _recategorize(post: Post, values: dict[str, Any]) -> None:
    former, post.category = post.category, values["category"]
    post.save(update_fields=["category", "updated_at"])
    if former != post.category:
        post.categories.remove(former)


def _tag(post: Post, values: dict[str, Any]) -> None:
    post.tags.add(*values["tags"])
    post.save(update_fields=["updated_at"])


PUBLISH = Deed(
    "publish",
    _("Publish these posts? One with a date to come appears at its date, the others at once."),
    _cannot_be_published,
    _go_to(Post.Status.PUBLISHED),
    _("Published."),
    audit.Kind.PUBLISHED,
)
REVIEW = Deed(
    "send_to_review",
    _("Send these posts to review?"),
    _cannot_go_to(Post.Status.REVIEW),
    _go_to(Post.Status.REVIEW),
    _("Sent to review."),
)
WITHDRAW = Deed(
    "withdraw",
    _("Withdraw these posts? They go from every page and feed; their addresses say so (410)."),
    _cannot_be_withdrawn,
    lambda post, _values: post.withdraw(),
    _("Withdrawn."),
    audit.Kind.WITHDRAWN,
)
RECATEGORIZE = Deed(
    "change_category",
    _("Move these posts to another category? They leave the one they have now."),
    _cannot_be_changed,
    _recategorize,
    _("Category changed."),
    form=CategoryForm,
)
TAG = Deed(
    "add_tags",
    _("Add tags to these posts? The tags that they have stay."),
    _cannot_be_changed,
    _tag,
    _("Tags added."),
    form=TagsForm,
)


class BulkActions(LongListAdmin[Post]):
    """Mixed into the posts' admin."""

    actions = ["publish", "send_to_review", "withdraw", "change_category", "add_tags"]
    kept_one_by_one = tuple(actions)
    """Each post has its own entry in the audit; see newsandtimes.recording."""

    @admin.action(description=_("Publish …"), permissions=["change"])
    def publish(self, request: HttpRequest, posts: QuerySet[Post]) -> TemplateResponse | None:
        """Publish or schedule posts."""
        return self._ask_or_do(request, posts, PUBLISH)

    @admin.action(description=_("Send to review …"), permissions=["change"])
    def send_to_review(
        self, request: HttpRequest, posts: QuerySet[Post]
    ) -> TemplateResponse | None:
        """Send posts to review."""
        return self._ask_or_do(request, posts, REVIEW)

    @admin.action(description=_("Withdraw …"), permissions=["change"])
    def withdraw(self, request: HttpRequest, posts: QuerySet[Post]) -> TemplateResponse | None:
        """Take posts down."""
        return self._ask_or_do(request, posts, WITHDRAW)

    @admin.action(description=_("Change category …"), permissions=["change"])
    def change_category(
        self, request: HttpRequest, posts: QuerySet[Post]
    ) -> TemplateResponse | None:
        """Give posts another category."""
        return self._ask_or_do(request, posts, RECATEGORIZE)

    @admin.action(description=_("Add tags …"), permissions=["change"])
    def add_tags(self, request: HttpRequest, posts: QuerySet[Post]) -> TemplateResponse | None:
        """Give posts more tags."""
        return self._ask_or_do(request, posts, TAG)

    def _ask_or_do(
        self, request: HttpRequest, posts: QuerySet[Post], deed: Deed
    ) -> TemplateResponse | None:
        chosen = list(posts.select_related("category")[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            text = _t(
                "That is more than %(count)d posts, too many to change at once. Nothing has been "
                "changed. Search or filter for fewer, or choose posts page by page."
            )
            self.message_user(request, text % {"count": MOST_AT_ONCE}, messages.ERROR)
            return None
        is_confirmed = "apply" in request.POST
        form = deed.form(request.POST if is_confirmed else None) if deed.form else None
        if is_confirmed and (form is None or form.is_valid()):
            self._do(request, chosen, deed, form.cleaned_data if form else {})
            return None
        return self._ask(request, chosen, deed, form)

    def _ask(
        self, request: HttpRequest, chosen: Sequence[Post], deed: Deed, form: forms.Form | None
    ) -> TemplateResponse:
        """Say how many and which, and which are left out and why."""
        user = user_of(request)
        reasons = [(post, deed.refusal(user, post)) for post in chosen]
        able = [post for post, reason in reasons if not reason]
        unable = [(post, reason) for post, reason in reasons if reason]
        context = {
            **self.admin_site.each_context(request),
            "title": deed.question,
            "opts": self.opts,
            "deed": deed.name,
            "form": form,
            "able": able,
            "named": able[:NAMED],
            "more": max(0, len(able) - NAMED),
            "unable": unable[:NAMED],
            "more_unable": max(0, len(unable) - NAMED),
            "unable_count": len(unable),
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/blog/post/bulk.html", context)

    def _do(
        self, request: HttpRequest, chosen: Sequence[Post], deed: Deed, values: dict[str, Any]
    ) -> None:
        done = sum(self._do_one(request, post.pk, deed, values) for post in chosen)
        text = ngettext("%(count)d post: done.", "%(count)d posts: done.", done)
        self.message_user(request, text % {"count": done}, messages.SUCCESS)
        if left := len(chosen) - done:
            text = ngettext(
                "%(count)d post was left as it is, because it may not or cannot.",
                "%(count)d posts were left as they are, because they may not or cannot.",
                left,
            )
            self.message_user(request, text % {"count": left}, messages.WARNING)

    @transaction.atomic
    def _do_one(self, request: HttpRequest, pk: int, deed: Deed, values: dict[str, Any]) -> bool:
        """Do it with one post as it stands at this moment; return whether that was possible."""
        post = Post.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if post is None or deed.refusal(user_of(request), post):
            return False
        deed.act(post, values)
        versions.keep(post, by=user_of(request), now=timezone.now())
        audit.record(deed.kind, by=user_of(request), obj=post, words=str(deed.logged))
        return True
