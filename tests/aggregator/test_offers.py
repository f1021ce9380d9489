"""What browsers and telephones hand over of a page, in all the ways in which they do."""

import pytest

from aggregator.guard import parse_networks
from aggregator.offers import AddressError, Offer, clean_lines, read_offer, usable_address

PAGE = "https://kyivpost.example/news/1"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        # A bookmark: each thing in its place.
        (
            {"title": "Ports open", "text": "First ship", "url": f"{PAGE}?a=x", "lang": "uk"},
            Offer(url=f"{PAGE}?a=x", title="Ports open", quote="First ship", language="uk"),
        ),
        # Chrome on Android: the address is the text.
        ({"title": "Ports open", "text": PAGE}, Offer(url=PAGE, title="Ports open")),
        # Chrome, words that are marked: in quotes, the address after them with a mark of its own.
        (
            {"title": "Ports open", "text": f'"First ship left"\n {PAGE}#:~:text=First%20ship'},
            Offer(url=PAGE, title="Ports open", quote="First ship left"),
        ),
        # Apps of outlets: title and address in one text.
        ({"text": f"Ports open again - {PAGE}"}, Offer(url=PAGE, title="Ports open again")),
        ({"title": "Ports", "text": f"Ports\n\n{PAGE}"}, Offer(url=PAGE, title="Ports")),
        ({"title": "T", "text": f"({PAGE})."}, Offer(url=PAGE, title="T")),
        ({"title": "T", "text": f"{PAGE}_(a)."}, Offer(url=f"{PAGE}_(a)", title="T")),
        # The last address is the page; one before it belongs to the words.
        (
            {"title": "T", "text": f"See https://a.example/ too\n{PAGE}"},
            Offer(url=PAGE, title="T", quote="See https://a.example/ too"),
        ),
        ({"title": f"Ports {PAGE}"}, Offer(url=PAGE, title="Ports")),
        # What is no address gives way to one in the text, and is shown where there is none.
        ({"url": "about:blank", "text": PAGE}, Offer(url=PAGE)),
        ({"url": "javascript:alert(1)"}, Offer(url="javascript:alert(1)")),
        ({"title": "Only words"}, Offer(title="Only words")),
        ({}, Offer()),
    ],
)  # fmt: skip
def test_offer_is_found_wherever_it_was_put(said, found):
    assert read_offer(said) == found


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("https://kyivpost.example/1", "https://kyivpost.example/1"),
        ("https://www.kyivpost.example/1", "https://www.kyivpost.example/1"),
        ("https://evil.example/1", f"{PAGE}?amp=1"),
        ("https://kyivpost.example/", f"{PAGE}?amp=1"),
        ("javascript:alert(1)", f"{PAGE}?amp=1"),
        ("", f"{PAGE}?amp=1"),
    ],
)
def test_pages_own_address_is_taken_on_the_same_host_only(canonical, url):
    assert read_offer({"url": f"{PAGE}?amp=1", "canonical": canonical}).url == url


def test_offer_is_clean_and_cut():
    offer = read_offer(
        {
            "title": "word " * 100 + "\u202e\x00",
            "text": "One \u202eline\r\n\r\n\r\n\r\nanother\x07" + " and more" * 400,
            "url": PAGE,
            "lang": "<b>",
        }
    )
    assert len(offer.title) <= 300
    assert offer.quote.startswith("One line\n\nanother and more")
    assert len(offer.quote) <= 2_000
    assert "\u202e" not in offer.title + offer.quote
    assert (offer.language, offer.outlet) == ("", "kyivpost.example")


def test_what_is_no_address_has_no_outlet():
    assert Offer(url="javascript:alert(1)").outlet == ""


def test_lines_are_cleaned_one_by_one():
    assert clean_lines(" a  b \n\n\n\n c\t\n") == "a b\n\nc"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "JaVaScRiPt://a.example/%0aalert(1)",
        "file:///etc/passwd",
        "ftp://a.example/",
        "a.example",
        "https://",
        "",
    ],
)
def test_what_is_no_web_address_is_refused_in_a_sentence(address):
    with pytest.raises(AddressError, match=r"This is no http or https address\."):
        usable_address(address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost.", "intranet", "printer.local", "nas.lan", "db.internal",
        "router.home.arpa", "127.0.0.1", "0x7f.1", "2130706433", "10.0.0.7", "192.168.0.1",
        "169.254.169.254", "[::1]", "[fd00::1]", "[::ffff:10.0.0.1]",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_in_a_sentence(host):
    with pytest.raises(AddressError, match="your readers could not open it"):
        usable_address(f"http://{host}/a")


def test_public_addresses_pass_without_password_and_marks():
    assert usable_address(" https://me:secret@a.example:8443/b?c#:~:text=d ") == (
        "https://a.example:8443/b?c"
    )
    assert usable_address("http://93.184.215.14/") == "http://93.184.215.14/"
    assert usable_address("https://приклад.укр/новина") == "https://приклад.укр/новина"


def test_networks_that_the_settings_open_pass():
    for address in ("http://127.0.0.1:8000/demo/feeds/1", "http://localhost:8000/"):
        assert usable_address(address, allowed=parse_networks(["127.0.0.0/8"])) == address
