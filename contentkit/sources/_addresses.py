"""Which addresses a page may be read from: those of the public internet, unless the user allows others."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

from contentkit.core.errors import UsageError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64 (RFC 6052): the IPv4 address is in the last 32 bits
_COMPATIBLE = ipaddress.ip_network("::/96")


def is_public(address: Address) -> bool:
    """Whether an address is of the public internet, also seen through IPv6's ways to carry an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and (address in _TRANSLATED or address in _COMPATIBLE):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


async def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The addresses of a host, every one of them checked. Connect to these, never to the name again.

    Raises:
        UsageError: the name has no address, or one that is not public.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UsageError(f"The address of {host} can't be found.", hint="Check the name and the network.") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not allow_private and not is_public(ipaddress.ip_address(address.partition("%")[0])):
            raise UsageError(
                f"{host} is an address of a private network or of this machine ({address}); it is not read.",
                hint="Allow it with --allow-private or read.allow_private = true in your own settings.",
            )
    return addresses
