from datetime import UTC, datetime, timedelta

import pytest

from newsletter import tokens
from newsletter.models import new_key
from newsletter.tokens import InvalidTokenError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = "abcdefghijklmnopqrstuv"


def test_confirmation_token_says_whose_and_when():
    token = tokens.make_confirmation(KEY, now=NOW)

    assert tokens.read_confirmation(token, now=NOW) == tokens.Confirmation(KEY, NOW)


def test_confirmation_token_expires(settings):
    token = tokens.make_confirmation(KEY, now=NOW)
    end = NOW + settings.CONFIRMATION_MAX_AGE

    assert timedelta(days=7) == settings.CONFIRMATION_MAX_AGE
    assert tokens.read_confirmation(token, now=end).key == KEY
    with pytest.raises(InvalidTokenError):
        tokens.read_confirmation(token, now=end + timedelta(seconds=1))


def test_token_of_one_purpose_is_nothing_to_another():
    with pytest.raises(InvalidTokenError):
        tokens.read_subscription(tokens.make_confirmation(KEY, now=NOW))
    with pytest.raises(InvalidTokenError):
        tokens.read_confirmation(tokens.make_subscription(KEY), now=NOW)


@pytest.mark.parametrize("token", ["", ".", "a.b", "a.b.c", "\x00", KEY, f"{KEY}.", f"{KEY}.0"])
def test_token_made_elsewhere_is_refused(token):
    with pytest.raises(InvalidTokenError):
        tokens.read_subscription(token)
    with pytest.raises(InvalidTokenError):
        tokens.read_confirmation(token, now=NOW)


def test_token_with_any_character_changed_is_refused():
    token = tokens.make_subscription(KEY)

    for place in range(len(token) - 1):  # the last one carries padding bits of base64
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(InvalidTokenError):
            tokens.read_subscription(token[:place] + other + token[place + 1 :])


def test_subscription_token_survives_a_change_of_the_secret_key(settings):
    token = tokens.make_subscription(KEY)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-" * 5

    assert tokens.read_subscription(token) == KEY
    assert tokens.make_subscription(KEY) != token


def test_token_is_refused_once_its_secret_is_retired(settings):
    token = tokens.make_subscription(KEY)
    settings.SECRET_KEY = "another-secret-" * 5

    with pytest.raises(InvalidTokenError):
        tokens.read_subscription(token)


def test_key_has_128_random_bits():
    keys = {new_key() for _ in range(100)}

    assert len(keys) == 100
    assert {len(key) for key in keys} == {22}  # 16 bytes in base64
