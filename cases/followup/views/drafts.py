"""The pages on which a draft is entered and edited."""

from collections.abc import Callable, Sequence
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.analysis.access import get_confirmed, get_finding
from cases.analysis.models import Finding
from cases.desk.verbs import done, show, status_of, verb_page, warn_of_past
from cases.followup.access import get_recommendation
from cases.followup.forms.draft_each import DraftEachForm
from cases.followup.forms.drafts import DraftForm, contents_from, contents_of
from cases.followup.models import Recommendation
from cases.followup.origins import answers_by_institution
from cases.followup.verbs import draft_each, edit_draft
from cases.followup.verbs.linking import accountable_in
from cases.planning.access import get_engagement
from cases.planning.models import Engagement
from cases.registry.models import Organisation, User
from cases.registry.requests import SignedInRequest
from workflow.lifecycles.recommendation import Action
from workflow.may import all_unmet
from workflow.must import listed
from workflow.roles import Role

NOT_YET = ("find", "more_rows")
"""Buttons that do not save: look for the institution, add empty rows."""


@require_http_methods(["GET", "HEAD", "POST"])
def draft_new(request: SignedInRequest) -> HttpResponse:
    user = request.user
    engagement, finding = _origin(request)
    departments = Organisation.objects.filter(pk__in=user.role_map.get(Role.COORDINATOR, ()))
    if engagement is not None:
        departments = departments.filter(pk=engagement.department_id)
    accountable = accountable_in(finding) if finding else []
    contents = contents_from(finding, accountable) if engagement else {}
    make: Callable[..., DraftForm] = DraftForm
    if finding and len(accountable) > 1:
        make = partial(DraftEachForm, offered=accountable, answered=answers_by_institution(finding, user))
    form = _form(request, list(departments), {"coordinator": user, **contents}, partial(make, engagement=engagement))
    made: list[Recommendation] = []
    if form.is_bound and form.is_valid() and form.done(lambda: made.extend(draft_each(form.drafts(), by=user))):
        _warn(request, form)
        return _stored(request, made, finding)
    return render(request, "followup/draft.html", {"form": form}, status=status_of(form))


@verb_page(get_recommendation, Action.EDIT)
def draft_edit(request: SignedInRequest, recommendation: Recommendation) -> HttpResponse:
    user = request.user
    make = partial(DraftForm, engagement=recommendation.engagement, is_edit=True)
    form = _form(request, [recommendation.department], contents_of(recommendation), make)
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        if form.done(lambda: edit_draft(recommendation, form.draft(), by=user, version=version)):
            _warn(request, form)
            return done(request, recommendation, _("The draft is stored."))
        if form.is_stale:
            form.take_over(contents_of(get_recommendation(user, recommendation.number)))
    return show(request, "followup/draft.html", recommendation, form, missing=_missing(recommendation, user))


def _origin(request: SignedInRequest) -> tuple[Engagement | None, Finding | None]:
    """The monitoring that the address names, by itself or by one of its confirmed findings. What was typed is not lost
    when that finding was withdrawn meanwhile: the verb refuses it.
    """
    if number := request.GET.get("finding"):
        find = get_finding if request.method == "POST" else get_confirmed
        finding = find(request.user, number)
        return finding.engagement, finding
    number = request.GET.get("engagement")
    return (get_engagement(request.user, number) if number else None), None


def _form(
    request: SignedInRequest,
    departments: Sequence[Organisation],
    contents: dict[str, object],
    make: Callable[..., DraftForm],
) -> DraftForm:
    """The form as it begins, as it was sent, or as it was typed so far."""
    if not departments:
        raise PermissionDenied(_("Only a coordinator of the department drafts recommendations."))
    if request.method != "POST":
        filled = sum(name.startswith("interim_due_") for name in contents)
        return make(initial=contents, departments=departments, filled=filled)
    if any(name in request.POST for name in NOT_YET):
        more = DraftForm.SPARE if "more_rows" in request.POST else 0
        return make(initial=DraftEachForm.as_typed(request.POST, more=more), departments=departments)
    return make(request.POST, departments=departments, initial={"findings": contents.get("findings", ())})


def _stored(request: SignedInRequest, made: Sequence[Recommendation], finding: Finding | None) -> HttpResponse:
    """To the draft; of several to the finding, whose page lists them."""
    if finding is None or len(made) == 1:
        return done(request, made[0], _("The draft %(number)s is stored.") % {"number": made[0].number})
    return done(request, finding, _("Drafts are stored: %(numbers)s.") % {"numbers": listed(made)}, "recommendations")


def _warn(request: SignedInRequest, form: DraftForm) -> None:
    draft = form.drafts()[0]
    warn_of_past(request, [draft.due, *(due for due, _topic in draft.interim)])


def _missing(recommendation: Recommendation, user: User) -> list[str]:
    """What the stored draft still lacks to be issued."""
    return all_unmet(recommendation, recommendation.transitions()[Action.ISSUE].conditions, user)
