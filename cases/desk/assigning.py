"""The page on which a coordinator is put in charge of a case of any kind that lets it be done."""

from typing import Unpack

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases.desk.access import get_case
from cases.desk.forms import VersionedForm
from cases.desk.kinds import kinds
from cases.desk.leading import ASSIGN, COORDINATOR, assign, coordinators_of, department_of
from cases.desk.verbs import done, framed, sent, show
from cases.ground.fields import FormOptions, Sent, field_of
from cases.registry.models import User
from cases.registry.requests import SignedInRequest
from workflow.case import Case


class AssignForm(VersionedForm):
    coordinator = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Coordinator"),
        empty_label=gettext_lazy("– choose –"),
        help_text=gettext_lazy("What is expected of the coordinator now goes to this person."),
        error_messages={"required": gettext_lazy("Choose a coordinator.")},
    )

    def __init__(self, data: Sent | None = None, *, case: Case, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        others = coordinators_of([department_of(case)]).exclude(Q(pk=case.follow(COORDINATOR)))
        field_of(self, "coordinator", forms.ModelChoiceField).queryset = others


@require_http_methods(["GET", "HEAD", "POST"])
def case_assign(request: SignedInRequest, kind: str, number: str) -> HttpResponse:
    case = get_case(request.user, kinds()[kind], number)
    return framed(request, case, [ASSIGN], lambda: _assign(request, case))


def _assign(request: SignedInRequest, case: Case) -> HttpResponse:
    form = AssignForm(sent(request), case=case, initial={"version": case.version})
    if form.is_bound and form.is_valid():
        person, version = form.cleaned_data["coordinator"], form.cleaned_data["version"]
        if form.done(lambda: assign(case, person, by=request.user, version=version)):
            return done(request, case, _("In charge now: %(name)s.") % {"name": person})
    return show(request, "desk/assign.html", case, form)
