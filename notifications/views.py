"""The pages of a person's messages, and of the letters that did not arrive."""

import re

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cases.ground.paging import Order, page_of
from cases.registry.access import for_registrars
from cases.registry.models import User
from notifications.access import get_message
from notifications.letters import place
from notifications.models import Message
from notifications.reading import lines

SIZE = 25
"""Messages on one page."""


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """The reader's messages, newest first."""
    mine = Message.objects.visible_to(_reader(request)).in_app().select_related("event")
    page = page_of(request, [mine], Order(descending=True), size=SIZE)
    return render(request, "notifications/messages.html", {"page": page, "lines": lines(page.rows, _reader(request))})


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirects to what the message is about, and marks it as read."""
    message = get_message(_reader(request), pk)
    if request.method == "GET":  # A HEAD request only asks whether the page is there: nobody has read the message.
        _mark(message)
    return redirect(place(message))


@require_POST
def message_read(request: HttpRequest, pk: int) -> HttpResponse:
    _mark(get_message(_reader(request), pk))
    return redirect("messages")


@require_POST
def messages_read(request: HttpRequest) -> HttpResponse:
    """Marks all that the list showed; what came since stays unread."""
    until = request.POST.get("until", "")
    mine = Message.objects.visible_to(_reader(request))
    marked = mine.filter(pk__lte=int(until)).mark_read() if re.fullmatch("[0-9]{1,18}", until) else 0
    sentence = ngettext("%(count)d message is marked as read.", "%(count)d messages are marked as read.", marked)
    notices.success(request, sentence % {"count": marked})
    return redirect("messages")


@for_registrars
@require_safe
def undelivered(request: HttpRequest) -> HttpResponse:
    """Letters that failed for good, to whom and why, for who can mend the address; not what they say."""
    failed = Message.objects.undelivered(_reader(request)).select_related("recipient", "event")
    page = page_of(request, [failed], Order(descending=True), size=SIZE)
    return render(request, "notifications/undelivered.html", {"page": page})


@for_registrars
@require_POST
def undelivered_again(request: HttpRequest, pk: int) -> HttpResponse:
    if Message.objects.undelivered(_reader(request)).filter(pk=pk).send_again():
        notices.success(request, _("The letter will be sent again within a minute."))
    else:
        notices.info(request, _("This letter does not need to be sent again: see the list."))
    return redirect("undelivered")


def _mark(message: Message) -> None:
    Message.objects.filter(pk=message.pk).mark_read()


def _reader(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
