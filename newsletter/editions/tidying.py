"""Forgets the texts of mails that went out long ago; what each held and to whom it went stays."""

from datetime import datetime, timedelta

from newsletter.models import Variant

KEPT = timedelta(days=60)


def forget_texts(*, now: datetime) -> int:
    """Empty the mails of editions that were finished two months ago; return how many."""
    old = Variant.objects.filter(edition__finished_at__lt=now - KEPT).exclude(html="")
    return old.update(text="", html="")
