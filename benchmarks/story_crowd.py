"""Headlines without number to stand around the labelled ones: events that several outlets report.

Words come as often as in a language (Zipf), some of them from the lexicon, so that the crowd talks
of strikes, banks and elections too. Four of ten headlines report what another one has reported.
"""

import random
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from itertools import accumulate

from aggregator.stories import lexicon
from benchmarks.story_set import Labelled

WORDS, NAMES, OUTLETS = 25_000, 8_000, 400
AGAIN = 0.4
_SYLLABLES = {
    "en": "ba con der eli fan gor hin im jo kel lan mer nov or pel qui ros sta ter und vel win",
    "uk": "ба вер гор дан жит зем кол лан мир нов пер руд сто тер хід цін чор шат юн яр",
}


class Crowd:
    """Invents headlines, the same ones from the same random numbers."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._outlets = [f"outlet{number}.example" for number in range(OUTLETS)]
        self._words = {language: self._vocabulary(language) for language in _SYLLABLES}
        self._names = {
            language: [self._word(language, 3).title() for _ in range(NAMES)]
            for language in _SYLLABLES
        }
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(WORDS)))
        self._name_weights = self._weights[:NAMES]
        self.told = 0
        self._recent: deque[tuple[str, list[str]]] = deque(maxlen=600)

    def headlines(self, count: int, *, at: datetime) -> Iterator[Labelled]:
        """Yield some headlines of one minute."""
        for _ in range(count):
            self.told += 1
            if self._recent and self._chance.random() < AGAIN:
                language, words = self._chance.choice(self._recent)
                words = self._retold(language, words)
            else:
                language, words = self._event()
                self._recent.append((language, words))
            title = " ".join(words)
            outlet = self._chance.choice(self._outlets)
            yield Labelled("", at, language, outlet, title[0].upper() + title[1:])

    def _event(self) -> tuple[str, list[str]]:
        language = self._chance.choice(list(_SYLLABLES))
        words = self._drawn(language, self._chance.randint(5, 9))
        cumulative = self._name_weights
        names = self._chance.choices(
            self._names[language], cum_weights=cumulative, k=self._chance.randint(1, 2)
        )
        if self._chance.random() < 0.3:
            words.append(str(self._chance.randint(2, 400)))
        words += names
        self._chance.shuffle(words)
        return language, words

    def _retold(self, language: str, words: list[str]) -> list[str]:
        kept = [word for word in words if self._chance.random() < 0.8]
        return kept + self._drawn(language, 2)

    def _drawn(self, language: str, count: int) -> list[str]:
        return self._chance.choices(self._words[language], cum_weights=self._weights, k=count)

    def _vocabulary(self, language: str) -> list[str]:
        is_latin = language == "en"
        known = [
            word
            for name, words in lexicon.concepts().items()
            for word in words
            if not name.isupper() and word.isascii() is is_latin
        ]
        invented = (self._word(language, self._chance.randint(2, 4)) for _ in range(WORDS))
        return [
            self._chance.choice(known) if rank % 10 == 5 and rank < 5_000 else word
            for rank, word in enumerate(invented)
        ]

    def _word(self, language: str, syllables: int) -> str:
        return "".join(self._chance.choices(_SYLLABLES[language].split(), k=syllables))
