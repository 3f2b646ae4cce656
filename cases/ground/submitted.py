"""A form that is sent twice is stored once: any form takes part whose template says {% form_token %}.

The token is new on each page that shows the form. Pressing twice, reloading, or sending again because an error hid the
answer leads to the result of the first time. Going back and writing something else sends another form.
"""

import hashlib
import json
import re
from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases.ground.models import SubmittedForm

FIELD = "form_token"
TOKEN = re.compile("[0-9a-f]{32}")
LEFT_OUT = (FIELD, "csrfmiddlewaretoken")


class OnceMiddleware:
    """The innermost middleware. The form and its effect are one transaction, so the second one waits for the first.

    An answer that is an error leaves nothing behind, so that the form can be sent again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not TOKEN.fullmatch(request.POST.get(FIELD, "")):
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self.get_response(request)
        return self._once(request)

    def _once(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            user_id, content = cast(int, request.user.pk), content_of(request)
            mine = SubmittedForm.objects.filter(user_id=user_id, content=content)
            if not SubmittedForm.note(user_id, content):
                messages.info(request, _("This form arrived twice. It was stored once, here is the result."))
                return redirect(mine.get().result_url)
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif response.status_code >= 300:
                mine.update(result_url=response["Location"])
            else:
                mine.delete()  # A page that shows more of the form: nothing is done yet.
        return response


def content_of(request: HttpRequest) -> str:
    """The digest of the form's address, token and contents; of files their names and sizes."""
    fields = [(name, values) for name, values in request.POST.lists() if name not in LEFT_OUT]
    files = [
        (name, [(file.name, file.size) for file in uploads if not isinstance(file, str)])
        for name, uploads in request.FILES.lists()
    ]
    parts: list[object] = [request.get_full_path(), request.POST[FIELD], sorted(fields), sorted(files)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
