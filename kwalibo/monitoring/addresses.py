"""Reading METRICS_BIND: '127.0.0.1:9100', '[::1]:9100', ':9100' (everywhere)."""

import ipaddress


def split(bind: str) -> tuple[str, int]:
    """(host, port). Raises ValueError when it is no address with a port."""
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"{bind} is no address with a port")
    host = host.removeprefix("[").removesuffix("]") or "0.0.0.0"  # noqa: S104 (what an empty host means; checks refuse it without a token)
    if host != "localhost":
        ipaddress.ip_address(host)
    return host, int(port)


def is_loopback(bind: str) -> bool:
    """Whether only this machine can reach it. Raises ValueError as `split`."""
    host, _ = split(bind)
    return host == "localhost" or ipaddress.ip_address(host).is_loopback
