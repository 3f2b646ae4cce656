"""Handing out stored files: only as attachments, with the type found in their contents."""

from typing import Protocol

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from cases.ground.storage import open_stored
from workflow.door import Refused


class Stored(Protocol):
    """What a row knows of its file."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def sha256(self) -> str: ...


class HasPage(Protocol):
    def get_absolute_url(self) -> str: ...


def handed_out(request: HttpRequest, stored: Stored, *, back: HasPage) -> HttpResponseBase:
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
