"""An editor's own words: those written last about a headline win, wherever they were written.

Decisions keep them in their order, and a pick that stands says what was written in it last: a form
at the Desk gives only what its editor has changed in it.
"""

from aggregator.desk import snapshots
from aggregator.desk.touching import concerning
from aggregator.desk.wishes import Case
from aggregator.models import Decision, Pick

WORDS = (
    *("title", "title_language", "excerpt", "note"),
    *("translated_title", "translated_language"),
)
type Words = dict[str, str]
"""Words by the names of a pick's fields; "" is what was taken back."""
NO_WORDS: Words = dict.fromkeys(WORDS, "")


def written(case: Case, *, until: int | None = None) -> Words:
    """Return what was written about a story by now, or up to a decision."""
    wanted = concerning(case.headline, case.story)
    told = Decision.objects.standing().filter(wanted)
    if until is not None:
        told = told.filter(pk__lte=until)
    found = told.order_by("-pk").values_list("words", flat=True)
    return dict(next((words for words in found if words), {}))


def changed(case: Case) -> Words:
    """Return those words of a wish that are others than its editor saw before writing them."""
    seen = written(case, until=case.wish.known) if case.wish.saw_words else {}
    return {name: text for name, text in case.wish.words.items() if text != seen.get(name, "")}


def words_of(pick: Pick) -> Words:
    """Return what a pick says in words of ours."""
    return snapshots.of(pick, WORDS)
