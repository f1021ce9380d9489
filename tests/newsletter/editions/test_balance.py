"""Which outlets an edition is made of, by itself and with what went out before."""

from datetime import UTC, datetime, timedelta

import pytest

from blog.models import SiteSettings
from newsletter.editions.balance import of_edition
from newsletter.models import Edition, EditionItem
from tests.factories import make_digest, make_edition, make_post

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def edition_with(outlets, *, hours=None, **fields):
    """An edition that went out so many hours ago, or the next one."""
    at = NOW - timedelta(hours=hours) if hours is not None else None
    state = Edition.State.OPEN if at is None else Edition.State.SENT
    edition = make_edition(state=state, frozen_at=at, due_at=at or NOW, **fields)
    for number, outlet in enumerate(outlets):
        put(edition, f"article:{number}", outlet)
    return edition


def put(edition, key, outlet, **fields):
    fields = {"kind": EditionItem.Kind.PICK, "title": "T", "url": "", "at": NOW} | fields
    EditionItem.objects.create(edition=edition, key=key, outlet=outlet, **fields)


def counts(balance):
    return [{share.outlet: share.count for share in span.shares} for span in balance.spans]


def test_edition_is_balanced_alone_and_with_what_its_digest_mailed():
    digest = make_digest(title="Daily")
    edition_with("cc", hours=23, digest=digest)
    edition_with("d", hours=167, digest=digest)
    edition_with("x" * 9, hours=169, digest=digest)
    edition_with("y" * 9, hours=1)
    edition_with("z" * 9, hours=1, digest=digest)
    Edition.objects.filter(items__outlet="z").update(state=Edition.State.CANCELLED)
    following = edition_with("aab", digest=digest)
    put(following, "left-out", "left-out.example", is_dropped=True)
    put(following, "post", "Kyiv Post", kind=EditionItem.Kind.POST, post=make_post())
    balance = of_edition(following, now=NOW, site=SiteSettings())
    assert balance.of == "Daily"
    assert [span.name for span in balance.spans] == [
        *("this edition", "with those of 24 hours", "with those of 7 days"),
    ]
    assert counts(balance) == [
        {"a": 2, "b": 1},
        {"a": 2, "c": 2, "b": 1},
        {"a": 2, "c": 2, "b": 1, "d": 1},
    ]


def test_a_post_mailed_alone_has_no_past():
    edition = make_edition(kind=Edition.Kind.POST, digest=None, state="open", frozen_at=None)
    edition_with("x" * 9, hours=1)
    assert counts(of_edition(edition, now=NOW, site=SiteSettings())) == [{}, {}, {}]


@pytest.mark.parametrize("editions", [1, 30])
def test_balance_is_one_query(django_assert_num_queries, editions):
    digest = make_digest()
    for number in range(1, editions + 1):
        edition_with("ab", hours=number, digest=digest)
    following = Edition.objects.select_related("digest").get(pk=edition_with("a", digest=digest).pk)
    with django_assert_num_queries(1):
        of_edition(following, now=NOW, site=SiteSettings())
