"""The texts of old mails go; that they went does not."""

from datetime import timedelta

import pytest

from newsletter.editions import deeds
from newsletter.editions.tidying import KEPT, forget_texts
from newsletter.models import Delivery, Variant
from tests.factories import make_delivery, make_edition, make_variant
from tests.newsletter.editions.test_collecting import DUE

pytestmark = pytest.mark.django_db


def test_texts_are_forgotten_two_months_after_the_last_mail():
    now = DUE + KEPT
    old = make_edition(due_at=DUE, state="sent", finished_at=DUE - timedelta(seconds=1))
    young = make_edition(due_at=DUE, state="sent", finished_at=DUE)
    going = make_edition(due_at=DUE - timedelta(days=90))
    for edition in (old, young, going):
        make_variant(edition, item_keys=["post:1"])
    assert forget_texts(now=now) == 1
    assert forget_texts(now=now) == 0
    kept = Variant.objects.get(edition=old)
    assert (kept.text, kept.html, kept.item_keys) == ("", "", ["post:1"])
    assert not Variant.objects.exclude(edition=old).filter(html="").exists()


def test_mail_whose_text_is_forgotten_is_not_sent_again():
    unknown = make_delivery(state=Delivery.State.UNKNOWN)
    Variant.objects.update(text="", html="")
    edition = unknown.edition
    assert deeds.decide_unknown(edition, [unknown.pk], has_arrived=False, now=DUE) == 0
    assert deeds.decide_unknown(edition, [unknown.pk], has_arrived=True, now=DUE) == 1
