"""What a title says without its outlet's name, its labels and its punctuation. Pure functions."""

import re
from hashlib import blake2b

from blog.folding import fold

MOST_CHARACTERS = 300
SHORTEST_TITLE = 4
"""Titles of fewer words, such as "News of the day", are no reason of their own."""

_ENDS = re.compile(r"\s+(\||::|//|»|[-–—])\s+")
_LONGEST_NAME = 4
_LABEL = re.compile(
    r"^\s*(?:[\[(]?(?:breaking(?: news)?|updated?|exclusive|watch|video|photos?|opinion|analysis|"
    r"explainer|live|latest|just in|терміново|оновлено|доповнено|відео|фото|аналіз|думка|"
    r"ексклюзив|наживо|срочно|обновлено|дополнено|видео|анализ|мнение|эксклюзив)"
    r"(?:\s*(?:,|та|и|&|\+)\s*(?:фото|відео|видео|video|photos?))?[\])]?)\s*(?:[:|.!–—-]+\s*|(?<=[\])]))",
    re.IGNORECASE,
)
_TRAILING_LABEL = re.compile(
    r"\s*[\[(](?:updated?|video|photos?|pictures|live|оновлено|доповнено|фото|відео|обновлено|"
    r"дополнено|видео|инфографика|інфографіка)"
    r"(?:\s*(?:,|та|и|and|&|\+)\s*(?:фото|відео|видео|video|photos?))?[\])]\s*$",
    re.IGNORECASE,
)
_MEDIA = frozenset(
    "ap afp apa aljazeera bbc bloomberg cbs cnn cnbc dpa dw euronews fox guardian herald "
    "independent interfax journal magazine media monitor nbc news npr nyt observer politico post "
    "press radio review reuters sky telegraph times today tribune tv ukrinform unian wsj "
    "вісті газета журнал інтерфакс медіа новини новости новое правда преса пресса радіо радио "
    "сьогодні сегодня тиждень тсн унн уніан униан укрінформ укринформ змі сми час время".split()
)
_LIVE = re.compile(
    r"\b(?:live(?: updates?| blog)?|liveblog|as it happened|наживо|онлайн|хроніка|хроника|"
    r"текстова трансляція|текстовая трансляция|у прямому ефірі|в прямом эфире)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+")


def body_of(title: str, *, outlet: str = "") -> str:
    """Return a title without labels ("Updated:") and without the name of the outlet at its end."""
    text = title[:MOST_CHARACTERS]
    for _ in range(2):
        text = _TRAILING_LABEL.sub("", _LABEL.sub("", text))
    ends = list(_ENDS.finditer(text))
    if not ends:
        return text.strip()
    last = ends[-1]
    head, mark, tail = text[: last.start()], last[1], text[last.end() :]
    return (head if head.strip() and _is_outlet(tail, mark, outlet) else text).strip()


def _is_outlet(tail: str, mark: str, outlet: str) -> bool:
    words = _WORDS.findall(tail.casefold())
    if not words or len(words) > _LONGEST_NAME:
        return False
    if mark in {"|", "::", "//", "»"} or not _MEDIA.isdisjoint(words):
        return True
    name, host = "".join(map(fold, words)), "".join(map(fold, _WORDS.findall(outlet)))
    return len(name) > 2 and bool(outlet) and host.startswith(name)


def is_live(title: str) -> bool:
    """Whether a title names a page on which one report follows the other."""
    return _LIVE.search(title[:MOST_CHARACTERS]) is not None


def title_key(title: str, *, outlet: str = "") -> str:
    """Return what is equal for equal titles, in hex; "" where too few words are there to say."""
    words = _WORDS.findall(body_of(title, outlet=outlet).casefold())
    if len(words) < SHORTEST_TITLE:
        return ""
    said = " ".join(words).encode("utf-8", "surrogatepass")
    return blake2b(said, digest_size=8).hexdigest()
