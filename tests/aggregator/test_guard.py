"""Which network addresses may be dialled."""

import pytest

from aggregator.guard import is_dialable, parse_networks

REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
127.1.2.3 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255
192.0.0.1 192.0.0.170 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1
198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:0:53aa:64c::1 2001:10::1
2001:20::1 2001:db8::1 2002:7f00:1::1 2002:a00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1
fd00::1 fd00:ec2::254 fdff:ffff::1 fe80::1 fe80::1%lo febf::1 fec0::1 feff::1 ff02::1 ff0e::1
4000::1 localhost 127.1 2130706433 0x7f000001 0177.0.0.1 1.2.3 example.org
""".split()
PUBLIC = """
1.1.1.1 8.8.8.8 93.184.215.14 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 169.253.0.1
172.15.255.255 172.32.0.1 192.0.1.1 192.167.1.1 198.17.255.255 198.20.0.1 223.255.255.255
::ffff:8.8.8.8 2001:200::1 2003::1 2606:2800:220:1::1 2a00:1450:4001::1
""".split()


@pytest.mark.parametrize("address", [*REFUSED, ""])
def test_guard_refuses_what_is_not_public(address):
    assert is_dialable(address) is False


@pytest.mark.parametrize("address", PUBLIC)
def test_guard_lets_public_addresses_pass(address):
    assert is_dialable(address) is True


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("10.2.0.1", False),
        ("127.0.0.1", False),
        ("fd00:7::1", True),
        ("fd00:8::1", False),
    ],
)
def test_guard_opens_exactly_the_named_networks(address, is_open):
    networks = parse_networks(["10.1.0.0/16", " fd00:7::/32", ""])
    assert is_dialable(address, allowed=networks) is is_open


def test_a_network_that_is_none_is_an_error():
    with pytest.raises(ValueError, match=r"10\.0\.0\.1/8"):
        parse_networks(["10.0.0.1/8"])
