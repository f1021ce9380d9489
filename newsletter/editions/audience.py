"""Who gets an edition: by rhythm, by the digest's name, or everybody. Topics come later."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from newsletter.models import Digest, Edition, Subscriber, SubscriberQuerySet
from newsletter.models.rhythm import Rhythm


def audience_of(edition: Edition) -> SubscriberQuerySet:
    """Return the active subscribers among whom an edition finds its readers, paused ones too.

    Breaking news goes to everybody, whatever their rhythm: an editor says that it cannot wait. A
    single post goes to those who want each post; by itself only to those who had confirmed
    before it was published.
    """
    active = Subscriber.objects.active()
    if edition.kind == Edition.Kind.BREAKING:
        return active
    if edition.kind == Edition.Kind.POST:
        each = active.filter(rhythm=Rhythm.EACH)
        return each if edition.approved_by_id else each.filter(confirmed_at__lte=edition.due_at)
    if edition.digest is None:
        return active.none()
    if edition.digest.audience != Digest.Audience.CHOSEN:
        return active.filter(rhythm=edition.digest.audience)
    chosen = Subscriber.digests.through._default_manager.filter(
        digest=edition.digest_id, subscriber=OuterRef("pk")
    )
    return active.filter(Exists(chosen))


def size_of(edition: Edition, *, now: datetime) -> int:
    """Return how many will get it at the most: some have asked for other topics, or have it."""
    readers = audience_of(edition)
    return readers.exclude(paused_until__gt=now.date()).count()
