"""Dropping a story: it leaves the Desk, and the collections into which it came by itself."""

from django.utils.translation import gettext as _

from aggregator import collecting
from aggregator.desk.deeds.placing import kept, state_of
from aggregator.desk.taking import together
from aggregator.desk.wishes import Case, Deed
from aggregator.models import Pick


def drop(case: Case) -> Deed:
    """Say that nobody need look at it; what editors have picked of it stays where it is."""
    picks, collections = [], set()
    for placed in _automatic(case):
        was = state_of(placed)
        collecting.withdraw(placed, now=case.wish.now)
        picks.append(kept(placed, was))
        collections.add(str(placed.collection))
    if not picks:
        return Deed(said=_("dropped"))
    said = _("dropped, and taken out of %(collections)s")
    return Deed(
        said=said % {"collections": ", ".join(sorted(collections))},
        before={"picks": picks},
        touched=case.headline,
    )


def _automatic(case: Case) -> list[Pick]:
    if not case.wish.by.has_perm("aggregator.change_pick"):
        return []
    headlines = together(case.headline.pk, case.story)
    standing = Pick.objects.filter(picked_by=None, withdrawn_at=None, headline__in=headlines)
    return list(standing.select_related("collection").select_for_update(of=("self",)))
