"""The page on which an institution asks for more time, and sees who decides on which date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.desk.sequel import missing
from cases.desk.verbs import done, sent, show, verb_page
from cases.followup.access import get_recommendation
from cases.followup.forms.extensions import ExtensionForm
from cases.followup.models import Extension, Recommendation
from cases.followup.verbs import request_extension
from cases.followup.verbs.answering import is_late
from cases.ground.refusals import refuse_upload
from cases.registry.requests import SignedInRequest
from workflow.expectations import expected
from workflow.lifecycles.extension import MONTHS, level_of
from workflow.lifecycles.follow_up import EXTENSIONS_AT_MOST, Risk
from workflow.lifecycles.recommendation import Action
from workflow.roles import Role
from workflow.terms import legal_date


@dataclass(frozen=True)
class Level:
    """Who decides on dates up to `until`, or on all later ones."""

    role: Role
    until: date | None

    @property
    def label(self) -> str:
        return str(self.role.label)


@verb_page(get_recommendation, Action.EXTEND)
def extension_add(request: SignedInRequest, recommendation: Recommendation) -> HttpResponse:
    user = request.user
    form = ExtensionForm(sent(request), request.FILES or None, recommendation=recommendation)
    refuse_upload(form, request)
    if form.is_bound and form.is_valid():
        until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
        proof = form.cleaned_data["file"] or form.cleaned_data["evidence"]
        if form.done(lambda: request_extension(recommendation, until=until, reason=reason, by=user, evidence=proof)):
            return done(request, recommendation, _("The request is sent."), "extensions")
    levels = list(_levels(recommendation))
    context = {
        "levels": levels,
        "unmanned": _unmanned(recommendation, levels),
        "is_late": is_late(recommendation, legal_date()),
        "left": EXTENSIONS_AT_MOST - recommendation.counted_extensions(),
        "most": EXTENSIONS_AT_MOST,
    }
    return show(request, "followup/extension.html", recommendation, form, **context)


def _unmanned(recommendation: Recommendation, levels: Sequence[Level]) -> list[str]:
    """Who is missing to decide at one of the levels that a date may ask for."""
    requests = (Extension(recommendation=recommendation, level=level.role) for level in levels)
    return missing(Extension, [owed for request in requests for owed in expected(request, "create")])


def _levels(recommendation: Recommendation) -> Iterator[Level]:
    """The lowest first; each once, with the last date on which it may decide."""
    first, current = recommendation.first_due, recommendation.current_due
    if first is None or current is None:
        return
    limits = [first + relativedelta(months=months) for months in MONTHS[Risk(recommendation.risk)] if months]
    levels: dict[Role, date | None] = {}
    for limit in [limit for limit in limits if limit > max(current, legal_date())]:
        levels[_level(recommendation, limit)] = limit
    levels[_level(recommendation, max(*limits, current) + timedelta(days=1))] = None
    for role, until in levels.items():
        yield Level(role, until)


def _level(recommendation: Recommendation, until: date) -> Role:
    first = recommendation.first_due or until
    return level_of(
        risk=recommendation.risk, first_due=first, until=until, is_late=is_late(recommendation, legal_date())
    )
