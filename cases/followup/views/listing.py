"""The list of all recommendations a person may see, its exports, and issuing many drafts at once."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cases.desk import tables
from cases.desk.kinds import kind_of
from cases.desk.verbs import warn_of_past
from cases.followup.filters import RecommendationFilters, visible
from cases.followup.list_rows import list_rows
from cases.followup.models import Recommendation
from cases.followup.models.querysets import RecommendationQuerySet
from cases.ground.paging import page_of
from cases.registry.models import Organisation
from cases.registry.requests import SignedInRequest
from cases.registry.unmanned import OpenDuty, nobodys, roles_that_suffice, with_unmanned_task
from workflow.lifecycles.recommendation import State
from workflow.many import perform_many
from workflow.roles import Role

SHOWN_REFUSALS = 10


@require_safe
def recommendations(request: SignedInRequest) -> HttpResponse:
    user = request.user
    filters = RecommendationFilters(request.GET)
    rows = visible(user, filters)
    page = page_of(request, [rows.for_lists()], filters.order)
    page.count([rows], filters.order)
    may_issue = Role.COORDINATOR in user.role_map and any(case.state == State.DRAFT for case in page.rows)
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "filters": filters,
        "page": page,
        "query": query.urlencode(),
        "may_draft": Role.COORDINATOR in user.role_map,
        "may_issue": may_issue,
        "unable": _unable_to_answer(page.rows) if may_issue else [],
        "rows": list_rows(page.rows, may_issue=may_issue),
        "is_narrowed": filters.is_narrowed(),
    }
    return render(request, "followup/list.html", context)


@require_safe
def export(request: SignedInRequest, ending: str) -> HttpResponseBase:
    return tables.export(request, kind_of(Recommendation), ending)


@require_http_methods(["POST"])
def issue_many(request: SignedInRequest) -> HttpResponse:
    """Issue the drafts ticked in the list; those that cannot be issued yet are named with the reason."""
    user = request.user
    if Role.COORDINATOR not in user.role_map:
        raise Http404
    seen = dict(_ticked(request))
    drafts = Recommendation.objects.visible_to(user, by_key=True).filter(draft_number__in=seen)
    versions = {pk: seen[number] for pk, number in drafts.values_list("pk", "draft_number")}
    outcome = perform_many(Recommendation.objects.filter(pk__in=versions), "issue", by=user, versions=versions)
    done = len(outcome.events)
    if done:
        sentence = ngettext("%(n)d recommendation is issued.", "%(n)d recommendations are issued.", done)
        messages.success(request, sentence % {"n": done})
        issued = Recommendation.objects.filter(pk__in=[event.subject_id for event in outcome.events])
        warn_of_past(request, issued.values_list("current_due", flat=True))
        _warn_of_unmanned(request, issued)
    for case, sentence in outcome.refused[:SHOWN_REFUSALS]:
        messages.error(request, _("%(number)s was not issued: %(reason)s") % {"number": case, "reason": sentence})
    if len(outcome.refused) > SHOWN_REFUSALS:
        left = len(outcome.refused) - SHOWN_REFUSALS
        messages.error(
            request, ngettext("%(n)d more was not issued.", "%(n)d more were not issued.", left) % {"n": left}
        )
    if not done and not outcome.refused:
        messages.warning(request, _("Tick at least one draft."))
    query = request.POST.get("query", "")
    return redirect(f"{reverse('recommendations')}?{query}" if query else "recommendations")


def _unable_to_answer(rows: Sequence[Recommendation]) -> list[str]:
    """Institutions of the drafts in which nobody could answer today: said before they are ticked and issued."""
    expect = Recommendation.EXPECTS[State.ISSUED]
    able = roles_that_suffice(Recommendation, expect.action, expect.role, expect.helper)
    drafts = {row.institution_id for row in rows if row.state == State.DRAFT}
    duties = [OpenDuty(expect.role, able, organisation_id) for organisation_id in drafts]
    alone = [duty.organisation_id for duty in nobodys(duties)]
    return (
        [str(institution) for institution in Organisation.objects.filter(pk__in=alone).order_by("code")]
        if alone
        else []
    )


def _warn_of_unmanned(request: SignedInRequest, issued: RecommendationQuerySet) -> None:
    for name in Organisation.objects.filter(pk__in=with_unmanned_task(issued).values("institution")):
        sentence = _(
            "Nobody at %(name)s can answer: nobody there holds the role that this needs. The registrar gets a message."
        )
        messages.warning(request, sentence % {"name": name})


def _ticked(request: SignedInRequest) -> Iterator[tuple[str, int]]:
    """The provisional number of each ticked draft, and the version that was shown; malformed values are ignored."""
    for value in request.POST.getlist("draft"):
        number, _colon, version = value.rpartition(":")
        if number.isprintable() and version.isdecimal() and len(version) < 10:
            yield number, int(version)
