"""The way to a case by its number: typed in the box of every page's header, with what is said when there is none."""

import re

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases.desk.access import get_case
from cases.desk.kinds import kinds
from cases.ground.fields import LineField
from cases.registry.models import User
from cases.registry.requests import SignedInRequest
from workflow.case import Case

LONGEST = 40
LOOKALIKES = str.maketrans("АЕР‐‑‒–—−", "AEP------")
"""Kyrgyz and Russian letters that look like those of numbers, and dashes: many type on such a keyboard."""
SHORT = re.compile(r"([A-Z]+-\d{4}-)(\d{1,4})(?=-|$)")
"""A number as people say it, without the zeros."""
WITH_SHORT_PLACE = re.compile(r"^([A-Z]+-\d{4}-\d{5,}-)(\d)$")
"""A number of a deliverable whose own part lacks its zero."""


class NumberForm(forms.Form):
    number = LineField(
        label=gettext_lazy("Case number"),
        max_length=LONGEST,
        help_text=gettext_lazy("Such as E-2026-00001, or E-2026-00001-07 for a deliverable."),
    )


@require_safe
def go_to(request: SignedInRequest) -> HttpResponse:
    """To the case; what does not exist and what the person may not see are answered alike."""
    form = NumberForm(request.GET if request.GET.get("number") else None)
    status = 422 if form.errors else 200
    if form.is_valid():
        if case := find_case(request.user, form.cleaned_data["number"]):
            return redirect(case)
        form.add_error("number", _("There is no case with this number that you may see."))
        status = 404
    return render(request, "desk/go_to.html", {"number_form": form}, status=status)


def find_case(user: User, typed: str) -> Case | None:
    """The case with this number, however it was written, as far as the person may see it."""
    number = written_out(typed)
    for kind in kinds().values():
        if not kind.prefixes or number.startswith(tuple(f"{prefix}-" for prefix in kind.prefixes)):
            try:
                return get_case(user, kind, number)
            except Http404:
                continue
    return None


def written_out(typed: str) -> str:
    """The number as it is kept, such as E-2026-00001 for “е-2026-1”."""
    number = "".join(typed.split()).upper().translate(LOOKALIKES)
    number = SHORT.sub(lambda short: f"{short[1]}{short[2]:0>5}", number, count=1)
    return WITH_SHORT_PLACE.sub(r"\g<1>0\2", number)
