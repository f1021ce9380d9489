"""Muting an outlet or a word: a rule that drops it, for what waits and for what will come."""

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from aggregator.desk.errors import RefusedError
from aggregator.desk.wishes import Case, Deed
from aggregator.models import Decision, Headline, Rule
from aggregator.stories import keeping
from blog.models import User

NAME_MAX_LENGTH = 120


def mute(case: Case) -> Deed:
    """Make the rule; bulk.py hides by it what waits."""
    word, outlet = " ".join(case.wish.word.split()), case.wish.outlet.strip()
    if not word and not outlet:
        raise RefusedError(_("Mute what: the outlet, or which word?"))
    said = _("muted: %(what)s") % {"what": word or outlet}
    last = Rule.objects.aggregate(last=Max("position"))["last"] or 0
    is_phrase = " " in word
    rule = Rule.objects.create(
        name=said[:NAME_MAX_LENGTH],
        position=last,
        words="" if is_phrase else word,
        phrase=word if is_phrase else "",
        outlet="" if word else outlet,
        action=Rule.Action.DROP,
    )
    rule.refresh_from_db(fields=["updated_at"])
    kept = {"rule": rule.pk, "left": rule.updated_at.isoformat()}
    return Deed(said=said, before=kept, touched=rule)


def undo(decision: Decision, by: User, now: datetime) -> None:
    """Delete the rule and show what it has dropped; raises RefusedError if it was changed."""
    rule = Rule.objects.select_for_update().filter(pk=decision.before["rule"]).first()
    if rule is None:  # deleted in the list of rules; bulk.py shows what it hid at the Desk
        return
    if rule.updated_at.isoformat() != decision.before["left"]:
        raise RefusedError(_("The rule has been changed since, so it stays."))
    dropped = Headline.objects.filter(hidden_by=rule, decision=None)
    keys = list(dropped.order_by().values_list("pk", flat=True))
    Headline.objects.filter(pk__in=keys).update(is_hidden=False, hidden_by=None)
    keeping.refresh(keeping.stories_of(keys))
    rule.delete()
