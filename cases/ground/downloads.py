"""Handing out stored files: only ever as an attachment, as the type that their contents were found to be."""

from typing import Any, Protocol

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from cases.ground.storage import open_stored
from workflow.door import Refused


class Stored(Protocol):
    """What a row knows of its file."""

    name: Any
    path: Any
    content_type: Any
    sha256: Any


def handed_out(request: HttpRequest, stored: Stored, *, back: Any) -> HttpResponseBase:
    """The file, or the page `back` with the reason when it cannot be read."""
    try:
        file = open_stored(stored.path, stored.sha256)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(back)
    response = FileResponse(file, as_attachment=True, filename=stored.name, content_type=stored.content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
