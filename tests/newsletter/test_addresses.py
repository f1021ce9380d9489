import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.addresses import InvalidAddressError, clean_address, email_key

DECOMPOSED = "jose\u0301@example.org"
COMPOSED = "jos\u00e9@example.org"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("reader@example.org", "reader@example.org"),
        ("  Reader.One+news@Example.ORG ", "Reader.One+news@example.org"),
        ("o'neil@example.co.uk", "o'neil@example.co.uk"),
        ("читач@пошта.укр", "читач@пошта.укр"),
        (DECOMPOSED, COMPOSED),
        ("हिन्दी@example.org", "हिन्दी@example.org"),
        ("a@xn--80a1acn3a.xn--j1amh", "a@xn--80a1acn3a.xn--j1amh"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
    ],
)
def test_clean_address_accepts(typed, address):
    assert clean_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "reader",
        "reader@",
        "@example.org",
        "reader@example",
        "reader@example..org",
        "reader@example.org.",
        "reader@-example.org",
        "reader@exa_mple.org",
        "reader@127.0.0.1",
        "reader@[127.0.0.1]",
        ".reader@example.org",
        "reader.@example.org",
        "rea..der@example.org",
        "two readers@example.org",
        "a@b@example.org",
        '"quoted"@example.org',
        "Reader <reader@example.org>",
        "reader@example.org,other@example.org",
        "reader@example.org;other@example.org",
        "reader@example.org\nBcc: other@example.org",
        "reader\r\nBcc: other@example.org",
        "reader\r\n@example.org",
        "reader@example.org\x00",
        "reader@exam\u2028ple.org",
        "rea\u202eder@example.org",
        "rea\u200bder@example.org",
        "reader@ex\uff0fample.org",
        "reader@exam\u00adple.org",
        "\ud800@example.org",
        "x" * 65 + "@example.org",
        "ї" * 33 + "@example.org",
        "reader@" + "x" * 64 + ".org",
        "reader@" + ".".join(["x" * 60] * 5) + ".org",
    ],
)
def test_clean_address_refuses(typed):
    with pytest.raises(InvalidAddressError):
        clean_address(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reader@Example.org", "reader@example.ORG"),
        ("ЧИТАЧ@ПОШТА.УКР", "читач@xn--80a1acn3a.xn--j1amh"),
        (DECOMPOSED.upper(), COMPOSED),
    ],
)
def test_email_key_is_the_same_for_equal_addresses(one, other):
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("reader@example.org", "reader@example.com"),
        ("reader@example.org", "rea.der@example.org"),
        ("reader@example.org", "reader+news@example.org"),
    ],
)
def test_email_key_keeps_different_addresses_apart(one, other):
    assert email_key(one) != email_key(other)


@given(st.text(max_size=300) | st.builds("{}@{}.{}".format, st.text(), st.text(), st.text()))
def test_clean_address_lets_nothing_through_that_could_end_a_header(text):
    try:
        address = clean_address(text)
    except InvalidAddressError:
        return
    assert address.isprintable()
    assert not set(address) & set(' <>,;:"()[]\\')
    assert address.count("@") == 1
    assert clean_address(address) == address
    assert len(address) <= 254
    assert len(email_key(address)) <= 254
    assert email_key(email_key(address)) == email_key(address)
