"""The page of every act of every kind of case: what it means, what is decided on, what it asks, and what came of it."""

from collections.abc import Mapping
from typing import cast

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.desk.access import get_case
from cases.desk.asked import asked_by
from cases.desk.forms import ActForm, typed
from cases.desk.history import changes_since
from cases.desk.kinds import Kind, kinds
from cases.desk.sequel import sequel_of, unmanned
from cases.ground.refusals import refuse
from cases.registry.requests import SignedInRequest
from workflow.acting import Declared
from workflow.case import Case
from workflow.door import Refused, Stale, perform
from workflow.may import action_label, objections, out_of_place, state_label

FORBIDDEN, CONFLICT, UNPROCESSABLE = 403, 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: SignedInRequest, kind: str, number: str, action: str) -> HttpResponse:
    brought = kinds()[kind]
    case = get_case(request.user, brought, number)
    declared = case.acts().get(action)
    if declared is None:
        return forbidden(request, case, _("There is no such action."))
    if case.standing(request.user, declared.permission.roles) is None:
        return forbidden(request, case, out_of_place(case, declared, request.user))
    page = ActPage(request, brought, case, action, declared)
    if request.method != "POST":
        return page.show(page.form(initial={**request.GET.dict(), "version": case.follow(declared.rests_on)}))
    filled = page.form(request.POST)
    if not filled.is_valid():
        if "version" in filled.errors:
            filled.rebase(case.follow(declared.rests_on))
        return page.show(filled, status=UNPROCESSABLE)
    return page.perform(filled)


def forbidden(request: SignedInRequest, case: Case, sentence: str) -> HttpResponse:
    return render(request, "desk/act_refused.html", {"case": case, "sentence": sentence}, status=FORBIDDEN)


class ActPage:
    """One act on one case, for one reader."""

    def __init__(self, request: SignedInRequest, kind: Kind, case: Case, action: str, declared: Declared) -> None:
        self.request, self.kind, self.case, self.action, self.declared = request, kind, case, action, declared

    def form(self, data: Mapping[str, object] | None = None, initial: Mapping[str, object] | None = None) -> ActForm:
        """The act's form, with what it offers this reader on this case."""
        form = self.kind.form_of(self.action)(data, initial=dict(initial or {}))
        form.offer(self.case, self.request.user)
        return form

    def perform(self, form: ActForm) -> HttpResponse:
        """Do it and go to the case; a refusal shows the form again, on the case as it is now."""
        seen = form.cleaned_data["version"]
        try:
            perform(self.case, self.action, by=self.request.user, version=seen, **form.inputs())
        except Refused as refused:
            self.case = get_case(self.request.user, self.kind, self.case.number)
            return self._refused(form, refused, seen)
        done = {"number": self.case.number, "action": action_label(self.case, self.action)}
        sentence = _("Done: %(action)s. %(number)s is now in the state “%(state)s”.")
        messages.success(self.request, sentence % {**done, "state": state_label(self.case)})
        return redirect(self.case)

    def show(self, form: ActForm, *, status: int = 200, seen: object = None) -> HttpResponse:
        """The act's form, or the reason why it is not possible now; after a refusal, what was typed as well."""
        case, reader = self.case, self.request.user
        decided_on = self.kind.decided_on.get(self.action)
        part = decided_on.context(case, reader) if decided_on else {}
        warn = self.kind.warnings.get(self.action)
        blocked = objections(case, self.declared, reader)
        context = {
            "case": case,
            "about": case.about,
            "label": action_label(case, self.action),
            "meaning": self.declared.meaning,
            "sequel": sequel_of(case, self.declared),
            "unmanned": [] if blocked else unmanned(case, self.action, self.declared),
            "asked": asked_by(case, self.action),
            "danger": self.declared.danger,
            "blocked": blocked,
            "form": form,
            "typed": list(typed(form)) if form.is_bound else [],
            "decided_on": decided_on,
            "warning": warn(case) if warn else "",
            "changes": changes_since(case, seen, reader=reader) if isinstance(seen, int) else [],
            "part": part,
            **part,
        }
        return render(self.request, "desk/act.html", context, status=status)

    def _refused(self, form: ActForm, refused: Refused, seen: object) -> HttpResponse:
        if not isinstance(refused, Stale):
            refuse(form, refused)
            return self.show(form, status=UNPROCESSABLE)
        form = self._again(form)
        refuse(form, refused)
        return self.show(form, status=CONFLICT, seen=seen)

    def _again(self, form: ActForm) -> ActForm:
        """The same form on the case as it is now: whoever presses again has seen what changed."""
        filled = cast(QueryDict, form.data).copy()
        filled["version"] = str(self.case.follow(self.declared.rests_on))
        return self.form(filled)
