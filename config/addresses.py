"""Which addresses lead to our own pages: nobody is sent elsewhere by what a request says."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def own_address(request: HttpRequest, url: str) -> str:
    """The address, when it leads to one of our own pages; the start page otherwise."""
    return url if _is_own(request, url) else resolve_url(settings.LOGIN_REDIRECT_URL)


def referring_page(request: HttpRequest) -> str:
    """The page that the form stood on; the start page when the browser does not tell."""
    came_from = request.headers.get("Referer", "")
    path = urlsplit(came_from)._replace(scheme="", netloc="").geturl()
    return own_address(request, path if _is_own(request, came_from) else "")


def _is_own(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
