"""What browsers and proxies may keep of the pages that only who is signed in may see."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class CachingMiddleware:
    """Nothing is shown again without asking; yet the browser may keep a page for the button "back".

    So a long answer that somebody left by mistake is still there. Signing out removes all of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"
        return response
