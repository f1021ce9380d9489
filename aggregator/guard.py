"""Which network addresses may be dialled.

The check runs on the very address that a socket is made for, after the name was resolved and on
each redirect anew; so neither a literal, nor a changing DNS answer, nor a redirect gets around it.
"""

import errno
import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohappyeyeballs import AddrInfoType

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

# IANA's registries of special-purpose addresses, and what clouds put behind public-looking ones.
_SPECIAL_V4 = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host
        "169.254.0.0/16",  # link-local, metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
# Everything outside of it is special: loopback, unique local, link-local, site-local, multicast,
# mapped and compatible IPv4, NAT64, discard-only.
_PUBLIC_V6 = IPv6Network("2000::/3")
_SPECIAL_V6 = [
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which embeds an IPv4 address
        "3fff::/20",  # documentation
    )
]


class AddressRefusedError(PermissionError):
    """The guard does not let this address be dialled."""

    # The text is the same for all addresses: aiohappyeyeballs passes an error on as it is only
    # if all the addresses of a name failed with the same text.
    def __init__(self, address: str) -> None:
        super().__init__(errno.EACCES, "address refused")
        self.address = address


def parse_networks(networks: Iterable[str]) -> tuple[IPNetwork, ...]:
    """Read networks such as ``127.0.0.0/8``; raise ValueError for what is none."""
    return tuple(ip_network(network.strip()) for network in networks if network.strip())


def is_dialable(address: str, *, allowed: Sequence[IPNetwork] = ()) -> bool:
    """Whether ``address`` is a public one or lies in a network that the settings open."""
    try:
        ip: IPAddress = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return any(ip in network for network in allowed) or _is_public(ip)


def literal_address(host: str) -> str:
    """Return the network address that ``host`` is in itself, "" for a name.

    The short, octal and hexadecimal forms that resolvers take are read as they take them.
    """
    if ":" in host:
        return host.strip("[]")
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, ValueError):
        return ""


def _is_public(ip: IPAddress) -> bool:
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _SPECIAL_V4)
    return ip in _PUBLIC_V6 and not any(ip in network for network in _SPECIAL_V6)


def guarded_socket(allowed: Sequence[IPNetwork]) -> Callable[[AddrInfoType], socket.socket]:
    """Return a ``socket_factory`` for aiohttp; it raises AddressRefusedError before dialling."""

    def make_socket(addr_info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = addr_info
        host = str(address[0])
        if not is_dialable(host, allowed=allowed):
            raise AddressRefusedError(host)
        return socket.socket(family=family, type=kind, proto=protocol)

    return make_socket
