"""Pages that are not there: our own page for them on a developer's machine too, and addresses that nothing can have."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse
from django.views.defaults import page_not_found


class NoSuchAddress:
    """Middleware; PostgreSQL keeps no NUL character in a text, so there is nothing to look for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404
        return self.get_response(request)


class NotFoundPage:
    """Middleware, in place of Django's map of urls; stands after CommonMiddleware, which adds a missing slash first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        nothing_matched = response.status_code == 404 and request.resolver_match is None
        return page_not_found(request, Http404()) if nothing_matched else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return page_not_found(request, exception) if isinstance(exception, Http404) else None
