"""Who speaks to us when proxies stand between: the client's address and HTTPS, as the last proxy of ours saw them."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cases.ground.networks import readable_address

FOR, PROTO = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"
Address = str
"""An IP address as text; empty for a client on a Unix socket."""


class ProxyMiddleware:
    """Leaves the client's address in REMOTE_ADDR, for everybody who asks, and one X-Forwarded-Proto to be believed.

    A client can write whatever it likes into these headers, and each proxy adds what it saw to the right. So entries
    are counted from the right: with TRUSTED_PROXIES=1 the last one is what our only proxy saw.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        clients, schemes = _entries(meta.pop(FOR, "")), _entries(meta.pop(PROTO, ""))
        peer = meta.get("REMOTE_ADDR", "")
        if settings.TRUSTED_PROXIES and is_proxy(peer):
            meta["REMOTE_ADDR"] = readable_address(_seen_by_ours(clients)) or peer
            meta[PROTO] = _seen_by_ours(schemes)
        return self.get_response(request)


def is_proxy(peer: Address) -> bool:
    """Whether a proxy of ours speaks from there; on a Unix socket only who runs the server can."""
    if not peer:
        return True
    address = readable_address(peer)
    return bool(address) and any(ip_address(address) in network for network in settings.PROXY_ADDRESSES)


def _entries(header: str) -> list[str]:
    return [entry.strip() for entry in header.split(",")] if header else []


def _seen_by_ours(entries: list[str]) -> str:
    """What the first of our proxies saw. With fewer entries, one of ours was asked directly, or replaces the header."""
    return entries[-min(settings.TRUSTED_PROXIES, len(entries))] if entries else ""
