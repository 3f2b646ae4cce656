"""The network addresses by which requests are counted, to limit how many come from one sender."""

from ipaddress import IPv6Address, ip_address


def readable_address(text: str) -> str:
    """An IP address in its usual spelling, without a port; empty when it is none."""
    bare = text.partition("]")[0].removeprefix("[") if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def neighbourhood(address: str) -> str:
    """The /64 of an IPv6 address, because its holder has all of them; empty for what is not an address."""
    readable = readable_address(address)
    if ":" not in readable:
        return readable
    return str(IPv6Address(int(ip_address(readable)) >> 64 << 64))
