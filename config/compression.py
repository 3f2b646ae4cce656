"""Pages are sent compressed: on a slow line they are there four times sooner."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Of pages alone; see docs/decisions/0015 on what their length could tell.

    Files are compressed as they are stored, and tables would cost the server more than the line.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response
