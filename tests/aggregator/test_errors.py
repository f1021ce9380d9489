"""Every error says what happened and what happens next, and survives the way between processes."""

import pickle

import pytest
from django.utils import translation

from aggregator import errors
from aggregator.documents import OfferedFeed

OFFER = OfferedFeed(url="https://o.example/feed", title="News")


def kinds():
    found, waiting = [], [errors.FeedError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


def made(kind):
    if issubclass(kind, errors.BadStatus):
        return kind("https://o.example/", status=410, headers={"Server": "x"}, retry_after_s=9)
    if kind is errors.WebPage:
        return kind("https://o.example/", offers=[OFFER])
    error = kind("https://o.example/")
    error.details = {"address": "a", "detail": "d", "max_mib": 1}
    return error


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_error_has_words_and_advice(kind):
    error = made(kind)
    assert error.kind == kind.__name__
    assert error.reason.endswith((".", "d"))
    assert "%(" not in error.reason
    assert str(error.advice).endswith(".")
    assert errors.advice_for(kind.__name__).endswith(".")
    assert "https://o.example/" in str(error)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_error_can_be_pickled(kind):
    error = made(kind)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own
    assert (type(again), again.url, again.reason) == (kind, error.url, error.reason)
    assert str(again.advice) == str(error.advice)


def test_what_came_with_an_error_is_kept():
    error = pickle.loads(pickle.dumps(made(errors.Challenged)))  # noqa: S301  our own
    assert (error.status, error.headers, error.retry_after_s) == (410, {"Server": "x"}, 9)
    page = pickle.loads(pickle.dumps(made(errors.WebPage)))  # noqa: S301  our own
    assert page.offers == (OFFER,)


@pytest.mark.parametrize(
    ("kind", "known", "words"),
    [
        ("BadStatus", {"status": 404}, "may have moved"),
        ("BadStatus", {"status": 401}, "password"),
        ("BadStatus", {"status": 500}, "tried again"),
        ("WebPage", {}, "Look for the feed"),
        ("WebPage", {"has_offers": True}, "The page names feeds"),
        ("Gone", {}, "rests"),
        ("Nonsense", {}, ""),
    ],
)
def test_advice_is_found_by_what_is_stored(kind, known, words):
    with translation.override("en"):
        assert words in errors.advice_for(kind, **known)
