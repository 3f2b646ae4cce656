"""Proof: files that an institution adds, and what the department says of each."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.followup.models import Evidence, Measure, Recommendation
from cases.followup.models.evidence import Decision
from cases.followup.storage import received
from cases.registry.models import User
from workflow import expectations
from workflow.lifecycle import Refused, amend
from workflow.recommendation import Action


def attach(
    recommendation: Recommendation,
    upload: "UploadedFile[Any]",
    *,
    by: User,
    measure: Measure | None = None,
    replaces: Evidence | None = None,
    **described: Any,
) -> Evidence:
    """Keep a file as evidence (`described`: note, own_date); of a replaced one the older version stays.

    Raises Refused; then neither a file nor a row is left.
    """
    own_date = described.get("own_date")
    if isinstance(own_date, date) and own_date > timezone.localdate():
        raise Refused(_("The date of the document lies in the future."))
    if replaces and (replaces.recommendation_id != recommendation.pk or hasattr(replaces, "replaced_by")):
        raise Refused(_("That file has a newer version already."))
    with received(upload) as file, amend(recommendation, Action.EVIDENCE, by=by) as amendment:
        evidence = Evidence.objects.create(
            recommendation=amendment.case,
            measure=measure,
            replaces=replaces,
            version=replaces.version + 1 if replaces else 1,
            received_from=by,
            **file.facts(),
            **described,
        )
        amendment.details |= {"file": evidence.name, "sha256": evidence.sha256, "size": evidence.size}
    if measure and amendment.event:
        expectations.settle(recommendation, amendment.event, Action.EVIDENCE, measure.text)
    return evidence


def explain(measure: Measure, reason: str, *, by: User, recommendation: Recommendation) -> None:
    """Say why a measure has no evidence."""
    with amend(recommendation, Action.EVIDENCE, by=by) as amendment:
        amendment.details["unproved"] = [measure.text, reason]
        measure.unproved_reason = reason.strip()
        measure.save(update_fields=["unproved_reason"])


def review_evidence(
    evidence: Evidence, decision: str, reason: str = "", *, by: User, version: int | None = None
) -> None:
    """Accept or reject one piece of evidence; a rejection needs its reason."""
    if decision == Decision.REJECTED and not reason.strip():
        raise Refused(_("Give the reason why you reject “%(file)s”.") % {"file": evidence.name})
    with amend(evidence.recommendation, Action.REVIEW_EVIDENCE, by=by, version=version) as amendment:
        evidence.decision, evidence.decision_reason = Decision(decision), reason.strip()
        evidence.decided_by, evidence.decided_at = by, timezone.now()
        evidence.save(update_fields=["decision", "decision_reason", "decided_by", "decided_at"])
        amendment.details |= {"file": evidence.name, "decision": decision, "reason": reason}
