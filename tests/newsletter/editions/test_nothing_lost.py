"""Whatever editors and clocks do, each post reaches a reader once: no gap, nothing twice."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from blog.models import SiteSettings
from newsletter.editions import deeds
from newsletter.editions.clock import turn
from newsletter.models import Delivery, Digest, Edition
from tests.factories import make_digest, make_editor, make_post, make_subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.long]

START = datetime(2026, 10, 22, 7, tzinfo=UTC)  # over the end of summer time
STEP = timedelta(minutes=100)
STEPS = 70
State = Edition.State


class Newsroom:
    """Editors who are never of one mind."""

    def __init__(self, chance, digest):
        self.chance, self.digest = chance, digest
        self.editor = make_editor()

    def do_something(self, now):
        edition = Edition.objects.exclude(state__in=["sent", "skipped", "cancelled"]).first()
        if edition is None:
            return
        edition.refresh_from_db()
        self.chance.choice(
            [
                lambda: deeds.cancel(edition, with_items=False, by=self.editor, now=now),
                lambda: deeds.send_now(edition, by=self.editor, now=now),
                lambda: deeds.schedule(edition, at=now + 3 * STEP),
                lambda: deeds.approve(edition, by=self.editor, now=now),
                lambda: self.change_digest(hour=self.chance.randrange(24)),
                lambda: self.change_digest(days=self.chance.choice(["1234567", "246", "15"])),
                lambda: self.change_digest(needs_approval=not self.digest.needs_approval),
            ]
        )()

    def change_digest(self, **fields):
        Digest.objects.filter(pk=self.digest.pk).update(**fields)
        self.digest.refresh_from_db()


@pytest.mark.parametrize("seed", [0, 3])
def test_each_post_is_mailed_once(seed):
    chance = random.Random(seed)  # noqa: S311  the same days in every run
    Digest.objects.all().delete()
    SiteSettings(time_zone="Europe/Kyiv").save()
    digest = make_digest(
        audience="daily", started_at=START, min_items=chance.randrange(1, 4), max_items=300
    )
    make_subscriber()
    newsroom = Newsroom(chance, digest)
    posts, now = [], START
    for _ in range(STEPS):
        now += STEP
        for _ in range(chance.randrange(3)):
            # Some to the very second, some dated back, some to come.
            shift = timedelta(minutes=chance.choice([0, 0, -30, -180, 45]))
            posts.append(make_post(published_at=now + shift))
        if chance.random() < 0.15:
            newsroom.do_something(now)
        if chance.random() < 0.9:  # the clock may stand still
            turn(now=now)
        send_a_little(chance, now)
    newsroom.change_digest(days="1234567", needs_approval=False)
    Digest.objects.update(min_items=1)
    for _ in range(30):
        now += 4 * STEP
        if late := Edition.objects.filter(state__in=["late", "waiting"]).first():
            deeds.send_now(late, by=newsroom.editor, now=now)
        for paused in Edition.objects.filter(state="paused"):
            deeds.resume(paused, now=now)
        turn(now=now)
        send_all(now)

    mailed = Counter(
        key
        for row in Delivery.objects.filter(state="sent").select_related("variant")
        for key in row.variant.item_keys
    )
    assert mailed == {f"post:{post.pk}": 1 for post in posts}


def send_a_little(chance, now):
    """Send what is queued of some editions, and leave others on their way."""
    for edition in Edition.objects.filter(state=State.SENDING):
        if chance.random() < 0.6:
            send(edition, now)


def send_all(now):
    for edition in Edition.objects.filter(state=State.SENDING):
        send(edition, now)


def send(edition, now):
    edition.deliveries.filter(state="queued").update(state="sent", finished_at=now)
    if edition.prepared_at:
        Edition.objects.filter(pk=edition.pk).update(state=State.SENT, finished_at=now)
