"""What an institution does to answer: the plan, and a request for more time."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from cases.followup.models import Evidence, Extension, Measure, Plan, Recommendation, ResponseVersion
from cases.followup.verbs.proving import keep
from cases.ground.storage import received
from cases.registry.models import User
from workflow.case import Act
from workflow.door import Refused, amend, begin
from workflow.lifecycles.extension import level_of
from workflow.lifecycles.recommendation import Action


@dataclass(frozen=True)
class MeasureDraft:
    """One line of the plan as filled in."""

    text: str
    responsible: str = ""
    due: date | None = None


def write_plan(recommendation: Recommendation, measures: Sequence[MeasureDraft], *, by: User, version: int) -> Plan:
    """Replace the measures of the plan that is not agreed yet; the trail keeps what it said before. Raises Refused.

    A plan that an answer was given with stays as it is: changes make a new version.
    """
    if any(not measure.text.strip() for measure in measures):
        raise Refused(_("Each measure needs a text."))
    with amend(recommendation, Action.PLAN, by=by, version=version) as amendment:
        present: Plan | None = amendment.case.plan_now()
        plan = present if present and _is_free(present) else _next_version(amendment.case, present)
        before = _as_text(present)
        plan.measures.all().delete()
        Measure.objects.bulk_create(
            Measure(plan=plan, position=position, **asdict(measure)) for position, measure in enumerate(measures, 1)
        )
        amendment.details["plan"] = {"": [before, _as_text(plan)]}
    return plan


def request_extension(
    recommendation: Recommendation,
    *,
    until: date,
    reason: str,
    by: User,
    evidence: "Evidence | UploadedFile[bytes] | None" = None,
) -> Extension:
    """Ask for more time; who decides follows from the slip it makes and whether the due date has passed.

    The evidence is one of the case's files, or a new one that becomes so. Raises Refused; then nothing is kept.
    """
    with ExitStack() as stack:
        file = stack.enter_context(received(evidence)) if isinstance(evidence, UploadedFile) else None
        stack.enter_context(transaction.atomic())
        proof = keep(recommendation, file, by=by) if file else evidence
        if isinstance(proof, Evidence) and proof.recommendation_id != recommendation.pk:
            raise Refused(_("This file belongs to another recommendation."))
        with amend(recommendation, Action.EXTEND, by=by) as amendment:
            extension = _request(amendment.case, until, reason.strip(), amendment.act)
            extension.evidence = proof if isinstance(proof, Evidence) else None
            amendment.details["extension"] = extension.number
            details = {"until": until, "reason": extension.reason}
            amendment.then.append(lambda act: begin(extension, by=by, details=details, at=act.at))
    return extension


def is_late(recommendation: Recommendation, on: date) -> bool:
    """Whether a request made on this day comes after the due date passed; then it goes one level up."""
    return bool(recommendation.current_due and recommendation.current_due < on)


def _is_free(plan: Plan) -> bool:
    return plan.agreed_on is None and not ResponseVersion.objects.filter(plan=plan).exists()


def _next_version(recommendation: Recommendation, present: Plan | None) -> Plan:
    return Plan.objects.create(recommendation=recommendation, version=present.version + 1 if present else 1)


def _as_text(plan: Plan | None) -> str:
    """The plan as the trail keeps it, one line per measure."""
    measures = Measure.objects.filter(plan=plan).order_by("position") if plan else []
    lines = (
        [f"{measure.position}. {measure.text}", measure.responsible, f"{measure.due:%d.%m.%Y}" if measure.due else ""]
        for measure in measures
    )
    return "\n".join(", ".join(filter(None, line)) for line in lines)


def _request(recommendation: Recommendation, until: date, reason: str, act: Act) -> Extension:
    first, current = recommendation.first_due or until, recommendation.current_due or until
    if until < first:
        raise Refused(
            _("The new date lies before the first due date, %(date)s.") % {"date": f"{first:%d.%m.%Y}"}, about="until"
        )
    return Extension(
        number=f"{recommendation.number}-E{recommendation.extensions.count() + 1}",
        recommendation=recommendation,
        until=until,
        due_before=current,
        reason=reason,
        requested_by_id=act.person_id,
        level=level_of(risk=recommendation.risk, first_due=first, until=until, is_late=is_late(recommendation, act.on)),
    )
