"""What readers have got already: asked of the ledger, for a batch of them at a time."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from newsletter.editions.matching import asked_after
from newsletter.models import Delivery, Edition, EditionItem, Variant

MOST_KEPT = 5_000

_GOT = (
    Delivery.State.SENT,
    Delivery.State.UNKNOWN,
    Delivery.State.QUEUED,
    Delivery.State.CLAIMED,
)
_ON_ITS_WAY = {Delivery.State.QUEUED, Delivery.State.CLAIMED}


class Received:
    """Earlier editions that carried something of what an edition holds, and who got them."""

    def __init__(self, edition: Edition, items: Sequence[EditionItem]) -> None:
        self._edition = edition
        self._keys = asked_after(items)
        self._of_variant: dict[int, frozenset[str]] = {}

    def by(self, readers: Collection[int]) -> dict[int, set[str]]:
        """Return, by reader, the keys that went to her or are on their way. Three queries at most.

        Editions are looked up anew each time: one that was frozen meanwhile counts as well.
        """
        got: dict[int, set[str]] = defaultdict(set)
        editions = self._carrying()
        if not editions:
            return got
        rows = list(
            Delivery.objects.filter(
                edition__in=list(editions), subscriber__in=readers, state__in=_GOT
            ).values_list("subscriber_id", "variant_id", "edition_id", "state")
        )
        self._look_up({variant for _, variant, _, _ in rows})
        for reader, variant, edition, state in rows:
            is_stopped = editions[edition] == Edition.State.CANCELLED
            if reader is not None and not (is_stopped and state in _ON_ITS_WAY):
                got[reader] |= self._of_variant[variant]
        return got

    def _carrying(self) -> dict[int, str]:
        """Return the states of the other editions that hold something of this one."""
        carrying = EditionItem.objects.filter(key__in=self._keys, is_dropped=False)
        others = Edition.objects.filter(
            pk__in=carrying.values("edition"), frozen_at__isnull=False
        ).exclude(pk=self._edition.pk)
        return dict(others.values_list("pk", "state"))

    def _look_up(self, variants: set[int]) -> None:
        if len(self._of_variant) > MOST_KEPT:
            self._of_variant.clear()
        unknown = variants - self._of_variant.keys()
        if unknown:
            found = Variant.objects.filter(pk__in=unknown).values_list("pk", "item_keys")
            self._of_variant |= {pk: frozenset(self._keys.intersection(keys)) for pk, keys in found}
