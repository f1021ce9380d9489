"""The posts that an editor has begun at the Desk: where to go on, after a reload too."""

from typing import Any

from django.db.models import BigIntegerField, Case, OuterRef, QuerySet, Subquery, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from aggregator.models import Decision
from aggregator.models.desk import DecisionQuerySet
from blog.models import Post

LOOKED_AT = 500
"""Among so many of an editor's newest decisions drafts are looked for."""
SHOWN = 3
_UNPUBLISHED = (Post.Status.DRAFT, Post.Status.REVIEW)


def newest_of(user: int) -> QuerySet[Decision, Any]:
    """Return the keys of the decisions by which a user, told by the key, has begun posts lately."""
    own = Decision.objects.standing().filter(by=user).order_by("-pk").values("pk")[:LOOKED_AT]
    begun = Decision.objects.filter(pk__in=own, kind=Decision.Kind.POST).order_by("-pk")
    return Decision.objects.order_by().filter(pk__in=begun.values("pk")[:SHOWN]).values("pk")


def with_drafts(decisions: DecisionQuerySet, user: int) -> DecisionQuerySet:
    """Load with a user's own decisions the posts that they began, while these are unpublished."""
    begun = When(
        kind=Decision.Kind.POST,
        by=user,
        undone_at__isnull=True,
        then=Cast(KT("before__post"), BigIntegerField()),
    )
    post = Post.objects.order_by().filter(pk=OuterRef("begun"), status__in=_UNPUBLISHED)
    return decisions.annotate(begun=Case(begun)).annotate(
        draft=Subquery(post.values("pk")), draft_title=Subquery(post.values("title"))
    )
