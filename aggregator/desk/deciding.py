"""Carries out decisions: one after the other, each once, and never over one not seen."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aggregator.desk import bulk
from aggregator.desk.deeds.families import FAMILIES
from aggregator.desk.errors import ConflictError, NotAllowedError, RefusedError
from aggregator.desk.listing import story_of
from aggregator.desk.taking import take, together
from aggregator.desk.touching import concerning
from aggregator.desk.turns import wait_for_turn
from aggregator.desk.wishes import Case, Wish
from aggregator.models import Decision, Headline
from aggregator.models.desk import SAID_MAX_LENGTH
from aggregator.stories.deciding import have_a_turn
from blog import audit
from blog.dates import long_age
from blog.models import User
from blog.text import excerpt


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands, and whether this very request has made it."""

    decision: Decision
    is_new: bool


def decide(wish: Wish) -> Decided:
    """Carry out what an editor asks for; the same request again changes nothing.

    Raises RefusedError, NotAllowedError, or ConflictError where somebody else was first.
    """
    if not wish.by.has_perm(FAMILIES[wish.kind].right):
        raise NotAllowedError(_("You may not do this."))
    return _decide(wish)


@transaction.atomic
def _decide(wish: Wish) -> Decided:
    family = FAMILIES[wish.kind]
    if family.moves_stories:
        have_a_turn(wish.now)
    wait_for_turn()
    if same := _same(wish):
        return Decided(same, is_new=False)
    case = _case(wish)
    _refuse_if_unseen(case)
    deed = family.do(case)
    decision = Decision.objects.create(
        key=wish.key,
        kind=wish.kind,
        by=wish.by,
        at=wish.now,
        headline=case.headline,
        story_id=deed.story.pk if deed.story else case.story,
        collection=deed.collection,
        said=excerpt(deed.said, max_length=SAID_MAX_LENGTH),
        words=dict(deed.words),
        before=deed.before,
    )
    if family.takes:
        take(case.headline.pk, case.story, decision, now=wish.now)
    if family.is_bulk:
        bulk.hide(decision, list(together(case.headline.pk, case.story)))
        bulk.begin(decision)
    if deed.touched is not None:
        audit.record(audit.Kind.DONE, by=wish.by, obj=deed.touched, words=f"Desk: {deed.said}")
    return Decided(decision, is_new=True)


def _same(wish: Wish) -> Decision | None:
    found = Decision.objects.filter(key=wish.key).select_related("by").first()
    if found is None:
        return None
    asked = (wish.by.pk, wish.kind, wish.headline)
    if (found.by_id, found.kind, found.headline_id) != asked:
        raise RefusedError(_("This form has been used already. Load the page again."))
    return found


def _case(wish: Wish) -> Case:
    found = Headline.objects.select_related("feed", "membership__story")
    headline = found.filter(pk=wish.headline).first()
    if headline is None:
        raise RefusedError(_("This headline is no longer there."))
    story = story_of(headline)
    return Case(wish=wish, headline=headline, story=story.pk if story else None)


def _refuse_if_unseen(case: Case) -> None:
    wish = case.wish
    wanted = concerning(case.headline, case.story)
    others = Decision.objects.standing().filter(wanted, pk__gt=wish.known).exclude(by=wish.by)
    first = others.select_related("by").order_by("-pk").first()
    if first is not None:
        raise ConflictError(first, in_words(first))


def in_words(decision: Decision) -> str:
    """Say who decided what, and when."""
    return _("%(who)s was here before you, %(age)s: %(said)s.") % {
        "who": name_of(decision.by),
        "age": long_age(decision.at, now=timezone.now()),
        "said": decision.said,
    }


def name_of(user: User | None) -> str:
    """Return the name of whoever decided."""
    return (user.get_full_name() or user.get_username()) if user else _("somebody")
