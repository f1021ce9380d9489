"""Applies rules to headlines that come in, and tries them on those that are there."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from aggregator.collecting import place_new
from aggregator.models import Headline, Rule, TaggedHeadline
from aggregator.rules import (
    BadPatternError,
    CompiledRule,
    Rulebook,
    Verdict,
    compile_pattern,
    matching,
)
from blog.models import Tag

logger = logging.getLogger(__name__)

TRIED_ON = timedelta(days=7)
MOST_TRIED = 5_000
MOST_SHOWN = 200
_TROUBLE_MAX_LENGTH = 300


def load() -> Rulebook:
    """Read the active rules; one whose pattern is broken is switched off and says so."""
    rules = []
    for rule in Rule.objects.filter(is_active=True).prefetch_related("feeds"):
        try:
            rules.append(compiled(rule, feeds=[feed.pk for feed in rule.feeds.all()]))
        except BadPatternError as error:
            _switch_off(rule.pk, _("The pattern is broken: %(error)s") % {"error": error})
    return Rulebook(tuple(rules), _signature())


def refreshed(rulebook: Rulebook) -> Rulebook:
    """Return the same rulebook if no rule has changed since it was read, else a new one."""
    return rulebook if rulebook.signature == _signature() else load()


def _signature() -> object:
    active = Rule.objects.filter(is_active=True)
    return active.order_by().aggregate(Count("pk"), Max("updated_at"))


def compiled(rule: Rule, *, feeds: Sequence[int]) -> CompiledRule:
    """Return a rule that is ready to be asked; raises BadPatternError."""
    if rule.pattern:
        compile_pattern(rule.pattern)
    return CompiledRule(
        pk=rule.pk or 0,
        action=rule.action,
        feeds=frozenset(feeds),
        words=rule.words,
        phrase=rule.phrase,
        pattern=rule.pattern,
        language=rule.language,
        outlet=rule.outlet,
        tag=rule.tag.strip(),
        collection_id=rule.collection_id,
    )


def before_storing(
    fresh: Sequence[Headline], rulebook: Rulebook, *, feed_id: int
) -> list[Verdict] | None:
    """Mark what rules drop; return the verdicts if anything is left to do once they are stored."""
    if not rulebook.rules:
        return None
    verdicts = [rulebook.decide(headline, feed_id=feed_id) for headline in fresh]
    for headline, verdict in zip(fresh, verdicts, strict=True):
        if verdict.dropped_by:
            headline.is_hidden, headline.hidden_by_id = True, verdict.dropped_by
    return None if all(verdict.is_empty for verdict in verdicts) else verdicts


def after_storing(fresh: Sequence[Headline], verdicts: Sequence[Verdict]) -> None:
    """Tag and place headlines that have their keys by now, and stop rules that ran away."""
    tagged, placed = defaultdict(list), defaultdict(list)
    for headline, verdict in zip(fresh, verdicts, strict=True):
        for name in verdict.tags:
            tagged[name].append(headline)
        for collection_id in verdict.collections:
            placed[collection_id].append(headline)
        for rule_id in verdict.runaways:
            _switch_off(rule_id, _("The pattern took too long on “%s”.") % headline.title)
    if tagged:
        _tag(tagged)
    for collection_id, headlines in placed.items():
        place_new(headlines, collection_id=collection_id)


def _tag(tagged: dict[str, list[Headline]]) -> None:
    tags = {tag.name: tag for tag in Tag.objects.filter(name__in=list(tagged))}
    for name in tagged.keys() - tags.keys():
        found = Tag.objects.filter(name__iexact=name).first()
        tags[name] = found or Tag.objects.create(name=name)
    TaggedHeadline.objects.bulk_create(
        (
            TaggedHeadline(tag=tags[name], content_object=headline)
            for name, headlines in tagged.items()
            for headline in headlines
        ),
        ignore_conflicts=True,
    )


def _switch_off(rule_id: int, trouble: str) -> None:
    """Stop a rule that does harm. Its time of change moves, so that pollers notice."""
    rule = Rule.objects.filter(pk=rule_id, is_active=True).first()
    if rule is not None:
        rule.is_active, rule.trouble = False, trouble[:_TROUBLE_MAX_LENGTH]
        rule.save(update_fields=["is_active", "trouble", "updated_at"])
        logger.warning("Rule “%s” is switched off. %s", rule, trouble)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a rule alone would have done."""

    looked_at: int
    matched: int
    shown: Sequence[Headline]
    runaways: int


def try_on_recent(rule: Rule, *, feeds: Sequence[int], now: datetime) -> Trial:
    """Ask a rule, saved or not, about the newest headlines of the last week. Changes nothing.

    Raises BadPatternError.
    """
    recent = Headline.objects.filter(first_seen_at__gt=now - TRIED_ON).select_related("feed")
    if feeds:
        recent = recent.filter(feed__in=feeds)
    headlines = list(recent.order_by("-first_seen_at", "-pk")[:MOST_TRIED])
    asked = compiled(rule, feeds=feeds)
    found, runaways = matching(asked, ((one, one.feed_id) for one in headlines))
    shown = [one for one in found if isinstance(one, Headline)][:MOST_SHOWN]
    return Trial(looked_at=len(headlines), matched=len(found), shown=shown, runaways=runaways)
