"""Mails of one post: by themselves to those who want each post, or because an editor says so."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from blog.models import Post, User
from newsletter.models import Edition, MailSettings, Subscriber
from newsletter.models.rhythm import Rhythm

MOST = 100


class MailedAlreadyError(Exception):
    """There is a mail of the post already, or an editor has said that there shall be none."""


def plan_singles(*, now: datetime) -> int:
    """Make an edition of each post that was just published; return how many.

    What was published longer ago than an edition may be late is never mailed by itself: so neither
    an import nor a restore mails anything old. One that an editor has cancelled stays so.
    """
    if not Subscriber.objects.active().filter(rhythm=Rhythm.EACH).exists():
        return 0
    since = now - MailSettings.load().late_after
    mailed = Edition.objects.filter(digest__isnull=True, post=OuterRef("pk")).exclude(
        kind=Edition.Kind.BREAKING, state=Edition.State.CANCELLED
    )
    recent = Post.objects.published(now=now).filter(published_at__gt=since)
    posts = recent.filter(~Exists(mailed))
    made = Edition.objects.bulk_create(
        [
            Edition(kind=Edition.Kind.POST, post=post, due_at=post.published_at or now)
            for post in posts.only("pk", "published_at")[:MOST]
        ],
        ignore_conflicts=True,  # another clock was first
    )
    return len(made)


def mail_post(post: Post, *, is_breaking: bool, by: User, now: datetime) -> Edition:
    """Have a public post mailed within a minute; raises MailedAlreadyError."""
    kind = Edition.Kind.BREAKING if is_breaking else Edition.Kind.POST
    try:
        with transaction.atomic():
            return Edition.objects.create(
                kind=kind, post=post, due_at=now, approved_by=by, approved_at=now
            )
    except IntegrityError as error:
        raise MailedAlreadyError from error
