"""Where a request comes from, as far as our own proxies saw it.

Each proxy adds the address that it saw to the end of X-Forwarded-For. So the address that the
outermost of TRUSTED_PROXIES saw stands that many places from the end; what stands before it
came with the request, and anybody can make that up.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings

# Some proxies add the port: '192.0.2.1:4711', '[2001:db8::1]:4711'.
_WITH_PORT = re.compile(r"^(?:\[(?P<six>[^\]]+)\]|(?P<four>[0-9.]+))(?::\d+)?$")
# A household or a company has a whole /64 of these, and may take another one for each request.
_OF_ONE_CLIENT = 64


def address_of(request) -> str | None:
    """The address of whoever asks; None when there is none (a socket, a test)."""
    if request is None:
        return None
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        chain = request.headers.get("X-Forwarded-For", "").split(",")
        # Shorter than we expect: whoever came past a proxy is the first one that was seen.
        told = chain[-min(settings.TRUSTED_PROXIES, len(chain))]
        found = _parse(told) or _parse(seen)
    else:
        found = _parse(seen)
    return str(found) if found else None


def client_of(request) -> str:
    """What counts as one client: an IPv4 address, or the /64 of an IPv6 address."""
    address = address_of(request)
    if address is None:
        return ""
    found = ip_address(address)
    if found.version == 4:
        return address
    return str(ip_network(f"{address}/{_OF_ONE_CLIENT}", strict=False))


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    if match := _WITH_PORT.match(text):
        text = match["six"] or match["four"]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.scope_id:
            return None
        # '::ffff:192.0.2.1' is how a server that listens on both writes an IPv4 address.
        return found.ipv4_mapped or found
    return found
