"""How the parts of a case are put together for its page; nothing here asks the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from cases.followup.case_page import CasePage, Told, organisations_of
from cases.followup.models import Evidence, Extension, Measure, Plan, Recommendation, RecommendationText
from workflow.case import case_types
from workflow.lifecycles.extension import ExtensionLifecycle
from workflow.may import Option, action_label, options
from workflow.models import Expectation
from workflow.roles import Role
from workflow.trail.history import HistoryLine


@dataclass(frozen=True)
class Task:
    """Something that has to be done now: what, by whom.

    `is_mine` when the reader may do it, `is_prepared` when they may prepare it; `is_aside` when it has a date of
    its own beside the state's.
    """

    expectation: Expectation
    label: str
    organisation: str
    assignee: str
    is_mine: bool
    is_prepared: bool
    is_aside: bool

    @property
    def role(self) -> str:
        return str(Role(self.expectation.role).label)

    @property
    def helper(self) -> str:
        helper = self.expectation.helper_role
        return str(Role(helper).label) if helper else ""


@dataclass(frozen=True)
class Wording:
    """The newest text in one language; `is_older` than the authoritative one that it translates."""

    text: RecommendationText
    is_authoritative: bool
    is_older: bool


@dataclass(frozen=True)
class FileShown:
    """The newest version of a piece of evidence, with the older ones, newest first."""

    file: Evidence
    older: list[Evidence]
    measure: Measure | None


@dataclass(frozen=True)
class MeasureShown:
    """A measure and the files that prove it."""

    measure: Measure
    files: list[Evidence] = field(default_factory=list)


@dataclass(frozen=True)
class PlanShown:
    """One version of the plan."""

    plan: Plan
    measures: list[MeasureShown]


@dataclass(frozen=True)
class ExtensionShown:
    """A request for more time and what the reader may do with it."""

    extension: Extension
    options: list[Option]


@dataclass(frozen=True)
class Remark:
    """A comment, as components/comment.html takes it; `audience` says who reads it."""

    is_internal: bool
    audience: str
    who: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Entry:
    """A line of the history; for which organisation the person acted, and the number where it is not the case's own."""

    line: HistoryLine
    organisation: str
    number: str


def tasks(page: CasePage) -> list[Task]:
    """What the state expects first, then decisions on requests, then what has a date of its own."""
    found = [_task(page, told) for told in page.owed]
    return sorted(found, key=lambda one: (one.is_aside, one.expectation.subject_type == ExtensionLifecycle.CASE_TYPE))


def wordings(page: CasePage) -> list[Wording]:
    """The authoritative text first."""
    newest = page.case.current_texts()
    source = newest.get(page.case.authoritative_language)
    shown = [
        Wording(one, one is source, is_older=source is not None and one.written_at < source.written_at)
        for one in newest.values()
    ]
    return sorted(shown, key=lambda one: not one.is_authoritative)


def plans(page: CasePage) -> list[PlanShown]:
    """Newest first."""
    proofs: dict[int | None, list[Evidence]] = {}
    for file in page.case.evidence_now():
        proofs.setdefault(file.measure_id, []).append(file)
    newest_first = sorted(page.plans, key=lambda plan: -plan.version)
    return [
        PlanShown(plan, [MeasureShown(one, proofs.get(one.pk, [])) for one in plan.measures.all()])
        for plan in newest_first
    ]


def files(page: CasePage) -> list[FileShown]:
    known = {one.pk: one for one in page.evidence}
    measures = {one.pk: one for plan in page.plans for one in plan.measures.all()}
    newest = page.case.evidence_now()
    return [FileShown(one, list(_older(one, known)), measures.get(one.measure_id)) for one in newest]


def extensions(page: CasePage) -> list[ExtensionShown]:
    """Newest first."""
    return [ExtensionShown(one, options(one, page.reader)) for one in reversed(page.extensions)]


def comments(page: CasePage) -> list[Remark]:
    seen = _("The institution, the Department and the Ministry see this")
    internal = _("Internal: the institution does not see this")
    return [
        Remark(one.is_internal, internal if one.is_internal else seen, who, one.written_at, one.text)
        for one, who in ((told.record, told.who) for told in page.comments)
    ]


def entries(lines: Sequence[HistoryLine], recommendation: Recommendation) -> list[Entry]:
    own = (recommendation.number, recommendation.draft_number)
    organisations = organisations_of(recommendation)
    return [
        Entry(line, organisations.get(line.organisation_id or 0, ""), "" if line.number in own else line.number)
        for line in lines
    ]


def _older(file: Evidence, known: dict[int, Evidence]) -> Iterator[Evidence]:
    while file.replaces_id in known:
        file = known[file.replaces_id]
        yield file


def _task(page: CasePage, told: Told) -> Task:
    owed: Expectation = told.record
    own = page.case.EXPECTS.get(page.case.state)
    return Task(
        owed,
        _label(owed),
        organisations_of(page.case).get(owed.organisation_id, ""),
        assignee=told.who if owed.role == Role.COORDINATOR else "",
        is_mine=owed.is_owed_by(page.reader),
        is_prepared=owed.is_prepared_by(page.reader),
        is_aside=owed.subject_type == page.case.CASE_TYPE and own is not None and owed.action != own.action,
    )


def _label(owed: Expectation) -> str:
    if owed.subject_type == ExtensionLifecycle.CASE_TYPE:
        return _("Decide on the request for more time %(number)s") % {"number": owed.number}
    return action_label(case_types()[owed.subject_type], owed.action)
