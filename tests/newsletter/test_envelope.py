"""The addresses that bounces and farewells come to."""

import pytest

from newsletter import envelope
from newsletter.envelope import Purpose, Returned
from newsletter.tokens import InvalidTokenError


@pytest.fixture(autouse=True)
def _mailbox(settings):
    settings.BOUNCE_ADDRESS = "mail@lists.example.org"


def test_return_path_says_which_mail_came_back():
    address = envelope.return_path(12)
    assert address.startswith("mail+b12.")
    assert address.endswith("@lists.example.org")
    assert envelope.read(address) == Returned(Purpose.BOUNCE, 12)


def test_leaving_address_has_another_purpose():
    address = envelope.leaving_address(12)
    assert envelope.read(address) == Returned(Purpose.LEAVE, 12)
    assert address.split(".")[0].partition("+")[2] == "u12"


def test_confirmation_comes_back_to_an_address_of_its_own():
    address = envelope.confirmation_return_path(12)
    assert envelope.read(address) == Returned(Purpose.CONFIRMATION, 12)
    assert address.split(".")[0].partition("+")[2] == "c12"


def test_letters_may_be_folded_on_the_way():
    assert envelope.read(envelope.return_path(12).upper()) == Returned(Purpose.BOUNCE, 12)


def test_longest_address_fits_a_local_part():
    local, _, _ = envelope.return_path(2**63 - 1).rpartition("@")
    assert len(local) <= 64


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.replace("+b12.", "+b13."),
        lambda address: address.replace("+b12.", "+u12."),
        lambda address: address.replace("mail+", "other+"),
        lambda address: address.replace("lists.", "evil."),
        lambda address: address.replace("@", "a@"),
        lambda address: "mail@lists.example.org",
        lambda address: "",
    ],
)
def test_made_up_address_says_nothing(change):
    with pytest.raises(InvalidTokenError):
        envelope.read(change(envelope.return_path(12)))


def test_key_that_was_changed_still_reads(settings):
    address = envelope.return_path(12)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, which is as long as keys have to be in production" * 2
    assert envelope.read(address).number == 12
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidTokenError):
        envelope.read(address)


def test_without_a_mailbox_there_is_no_address(settings):
    address = envelope.return_path(12)
    settings.BOUNCE_ADDRESS = ""
    assert envelope.return_path(12) == ""
    with pytest.raises(InvalidTokenError):
        envelope.read(address)
