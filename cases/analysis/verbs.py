"""Writing a finding: what it says, checked against the monitoring that it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from cases.analysis.models import TEXTS, Finding, Severity
from cases.desk.models import NumberSeries
from cases.planning.models import Engagement
from cases.registry.models import Criterion, Direction, Organisation, User
from workflow import clock
from workflow.door import Refused, amend, begin
from workflow.lifecycles.finding import Action
from workflow.must import listed
from workflow.roles import CONTRACTOR
from workflow.terms import legal_date

PREFIX = "F"


@dataclass(frozen=True)
class FindingFacts:
    """What a person fills in; no institutions: it concerns the system."""

    kind: str
    direction: int
    severity: str = Severity.MEDIUM
    criterion: Criterion | None = None
    standard: str = ""
    statement_ky: str = ""
    statement_ru: str = ""
    statement_en: str = ""
    source: str = ""
    extent: str = ""
    root_cause: str = ""
    institutions: Sequence[Organisation] = field(default_factory=list)


def write_finding(engagement: Engagement, facts: FindingFacts, *, by: User) -> Finding:
    """Begin a finding of a monitoring. Raises Refused."""
    standing = engagement.standing(by, CONTRACTOR)
    finding = Finding(engagement=engagement, author=by, drafter_role=standing.role if standing else "")
    _fill(finding, facts)
    at = clock.database_now()
    with transaction.atomic():
        finding.number = NumberSeries.take(PREFIX, legal_date(at).year)[0]
        begin(finding, by=by, details=_first_contents(finding, facts), at=at)
        finding.institutions.set(facts.institutions)
    return finding


def edit_finding(finding: Finding, facts: FindingFacts, *, by: User, version: int) -> None:
    """Replace what a draft says. Raises Refused."""
    with amend(finding, Action.EDIT, by=by, version=version) as amendment:
        locked: Finding = amendment.case
        _fill(locked, facts)
        before = sorted(row.code for row in locked.institutions.all())
        after = _codes(facts)
        if before != after:
            locked.institutions.set(facts.institutions)
            amendment.details["institutions"] = {"": [before, after]}


def _fill(finding: Finding, facts: FindingFacts) -> None:
    _check(finding.engagement, facts)
    finding.kind, finding.direction, finding.severity = facts.kind, facts.direction, facts.severity
    finding.criterion = facts.criterion
    for name in TEXTS:
        setattr(finding, name, getattr(facts, name).strip())
    finding.institution = facts.institutions[0] if len(facts.institutions) == 1 else None


def _check(engagement: Engagement, facts: FindingFacts) -> None:
    """Raises Refused for what the monitoring does not cover."""
    if facts.direction not in engagement.directions:
        direction = Direction(facts.direction).label
        sentence = _("The monitoring does not cover the direction “%(direction)s”.")
        raise Refused(sentence % {"direction": direction}, about="direction")
    covered = set(engagement.institutions.values_list("pk", flat=True))
    foreign = [row for row in facts.institutions if covered and row.pk not in covered]
    if foreign:
        sentence = _("The monitoring does not cover: %(names)s.")
        raise Refused(sentence % {"names": listed(foreign)}, about="institutions")


def _first_contents(finding: Finding, facts: FindingFacts) -> dict[str, object]:
    """What it begins with, as the trail tells it: later changes tell only what differs."""
    names = ("engagement_id", "kind", "direction", "severity", "criterion_id", *TEXTS)
    filled = {name: value for name in names if (value := getattr(finding, name))}
    return {**filled, "institutions": "\n".join(_codes(facts))}


def _codes(facts: FindingFacts) -> list[str]:
    return sorted(row.code for row in facts.institutions)
