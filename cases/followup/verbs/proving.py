"""Proof: files that an institution adds, and what the department says of each."""

from datetime import date
from typing import TypedDict, Unpack

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from cases.followup.models import Evidence, InterimDeadline, Measure, Recommendation
from cases.followup.models.evidence import Decision
from cases.ground.storage import Received, received
from cases.registry.models import User
from workflow.door import Refused, amend
from workflow.lifecycles.recommendation import Action
from workflow.terms import legal_date


class Described(TypedDict, total=False):
    """What the sender says of a file: what it shows, what it proves, which file it is a new version of."""

    note: str
    own_date: date | None
    measure: Measure | None
    interim: InterimDeadline | None
    replaces: Evidence | None


def attach(
    recommendation: Recommendation, upload: "UploadedFile[bytes]", *, by: User, **described: Unpack[Described]
) -> Evidence:
    """Keep a file as evidence; of a replaced one the older version stays.

    Raises Refused; then neither a file nor a row is left.
    """
    own_date = described.get("own_date")
    if own_date and own_date > legal_date():
        raise Refused(_("The date of the document lies in the future."), about="own_date")
    with received(upload) as file:
        return keep(recommendation, file, by=by, **described)


def keep(recommendation: Recommendation, file: Received, *, by: User, **described: Unpack[Described]) -> Evidence:
    """Enter a file that lies in its place as evidence. Raises Refused."""
    replaces = described.get("replaces")
    measure = described.get("measure") or (replaces.measure if replaces else None)
    interim = described.get("interim") or (replaces.interim if replaces else None)
    with amend(recommendation, Action.EVIDENCE, by=by) as amendment:
        locked: Recommendation = amendment.case
        _check_duty(locked, measure)
        _check_duty(locked, interim)
        _check_replaced(locked, replaces)
        evidence = Evidence.objects.create(
            recommendation=locked,
            measure=measure,
            interim=interim,
            replaces=replaces,
            version=replaces.version + 1 if replaces else 1,
            received_from=by,
            note=described.get("note", "").strip(),
            own_date=described.get("own_date"),
            **file.facts(),
        )
        amendment.details |= {"file": evidence.name, "sha256": evidence.sha256, "size": evidence.size}
        if interim:
            amendment.details["interim"] = str(interim)
    return evidence


def explain(duty: Measure | InterimDeadline, reason: str, *, by: User, recommendation: Recommendation) -> None:
    """Say why a measure or an interim deadline has no evidence; then none is expected on it. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Give the reason."))
    with amend(recommendation, Action.EVIDENCE, by=by) as amendment:
        _check_duty(amendment.case, duty)
        duty.unproved_reason = reason.strip()
        duty.save(update_fields=["unproved_reason"])
        name = "measure" if isinstance(duty, Measure) else "interim"
        amendment.details |= {name: str(duty), "reason": duty.unproved_reason}


def review_evidence(
    evidence: Evidence, decision: str, reason: str = "", *, by: User, version: int | None = None
) -> None:
    """Accept or reject one piece of evidence; a rejection needs its reason. Raises Refused."""
    if decision not in (Decision.ACCEPTED, Decision.REJECTED):
        raise Refused(_("Accept the file or reject it."))
    if decision == Decision.REJECTED and not reason.strip():
        raise Refused(_("Give the reason why you reject “%(file)s”.") % {"file": evidence.name})
    with amend(evidence.recommendation, Action.REVIEW_EVIDENCE, by=by, version=version) as amendment:
        if Evidence.objects.filter(replaces=evidence).exists():
            raise Refused(_("“%(file)s” has a newer version; review that one.") % {"file": evidence.name})
        evidence.decision, evidence.decision_reason = Decision(decision), reason.strip()
        evidence.decided_by, evidence.decided_at = by, amendment.act.at
        evidence.save(update_fields=["decision", "decision_reason", "decided_by", "decided_at"])
        amendment.details |= {"file": evidence.name, "decision": decision, "reason": evidence.decision_reason}


def _check_duty(recommendation: Recommendation, duty: Measure | InterimDeadline | None) -> None:
    if isinstance(duty, Measure) and duty not in recommendation.measures_now():
        raise Refused(_("This measure is not part of the present plan."))
    if isinstance(duty, InterimDeadline) and duty not in recommendation.interims():
        raise Refused(_("This interim deadline belongs to another recommendation."))


def _check_replaced(recommendation: Recommendation, replaces: Evidence | None) -> None:
    """Of the locked case, so that one of two people who replace the same file is refused."""
    if replaces and replaces.recommendation_id != recommendation.pk:
        raise Refused(_("This file belongs to another recommendation."))
    if replaces and Evidence.objects.filter(replaces=replaces).exists():
        raise Refused(_("That file has a newer version already."))
