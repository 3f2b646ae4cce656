"""Drafting a recommendation: its contents, texts and dates, checked against what they belong to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases.analysis.models import Finding
from cases.desk.leading import check_coordinator
from cases.desk.models import NumberSeries
from cases.followup.models import (
    Contributor,
    InterimDeadline,
    Recommendation,
    RecommendationText,
    SourceDocument,
)
from cases.followup.verbs.linking import check_engagement, check_findings, findings_of, link
from cases.planning.models import Engagement
from cases.registry.ministries import ministry_of
from cases.registry.models import Membership, Organisation, OrganisationKind, User
from workflow import clock
from workflow.case import Act
from workflow.door import Refused, amend, begin, begin_many, consequence
from workflow.lifecycles.follow_up import Classification, Risk
from workflow.lifecycles.recommendation import Action
from workflow.roles import Role
from workflow.terms import legal_date

FIELDS = (
    "institution", "engagement", "source", "item", "cause", "classification", "risk", "is_priority", "controller",
    "watcher", "authoritative_language", "no_due_reason",
)  # fmt: skip
TOLD = (*FIELDS, "coordinator", "predecessor", "first_due", "current_due")
SOURCE_NAMES = ("department", "kind", "number", "date", "title")


@dataclass(frozen=True)
class Draft:
    """The contents of a draft: what the person filled in or the import read. A source that is new is stored along."""

    institution: Organisation
    department: Organisation
    source: SourceDocument | None = None
    item: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    authoritative_language: str = "ky"
    cause: str = ""
    classification: str = Classification.CONDITION
    risk: str = Risk.MEDIUM
    is_priority: bool = False
    controller: str = ""
    watcher: User | None = None
    contributors: Sequence[str] = ()
    interim: Sequence[tuple[date, str]] = ()
    due: date | None = None
    no_due_reason: str = ""
    coordinator: User | None = None
    engagement: Engagement | None = None
    findings: Sequence[Finding] = ()


def draft_recommendation(
    draft: Draft, *, by: User, predecessor: Recommendation | None = None, at: datetime | None = None
) -> Recommendation:
    """Store a new draft with a provisional number, now or at the moment of what it follows from. Raises Refused."""
    at = at or clock.database_now()
    with transaction.atomic():
        recommendation = new_draft(draft, legal_date(at), predecessor)
        begin(recommendation, by=by, details=_first_contents(recommendation, draft), at=at)
        _write_parts(recommendation, draft, by)
    return recommendation


def draft_as_consequence(recommendation: Recommendation, draft: Draft, *, of: Act) -> None:
    """Store a new draft that follows from an act of the clock."""
    begin_many([recommendation], of=of, details=[_first_contents(recommendation, draft)])
    _write_parts(recommendation, draft, None)


def new_draft(draft: Draft, on: date, predecessor: Recommendation | None = None) -> Recommendation:
    """A draft of that day with its provisional number, not stored yet. Raises Refused."""
    recommendation = Recommendation(
        department=draft.department, ministry_id=ministry_of(draft.department), predecessor=predecessor
    )
    _fill(recommendation, draft)
    # Locked after the source, as in an import: else two people could hold one each and wait for the other for ever.
    recommendation.number = recommendation.draft_number = NumberSeries.take("D", on.year)[0]
    recommendation.fill_search(draft.texts.values())
    return recommendation


def draft_each(drafts: Iterable[Draft], *, by: User) -> list[Recommendation]:
    """All of them at one moment, or none. Raises Refused."""
    with transaction.atomic():
        at = clock.database_now()
        return [draft_recommendation(draft, by=by, at=at) for draft in drafts]


def edit_draft(recommendation: Recommendation, draft: Draft, *, by: User, version: int) -> None:
    """Replace the contents of a draft; each text that changed becomes a new version. Raises Refused.

    Another coordinator is put in charge by an act of its own that follows.
    """
    with amend(recommendation, Action.EDIT, by=by, version=version) as amendment:
        locked: Recommendation = amendment.case
        in_charge = locked.coordinator
        _fill(locked, draft)
        locked.fill_search(draft.texts.values())
        before = _parts(locked)
        InterimDeadline.objects.filter(recommendation=locked).delete()
        Contributor.objects.filter(recommendation=locked).delete()
        amendment.details["text"] = _write_parts(locked, draft, by)
        after = _parts(locked)
        amendment.details |= {name: {"": [before[name], after[name]]} for name in after if before[name] != after[name]}
        if locked.coordinator != in_charge:
            locked.coordinator = in_charge
            amendment.then.append(lambda act: _hand_on(locked, draft.coordinator, act))


def _hand_on(recommendation: Recommendation, coordinator: User | None, act: Act) -> None:
    """As an act of its own, which tells the person."""
    with consequence(recommendation, Action.ASSIGN, of=act) as assigned:
        assigned.case.coordinator = coordinator


def write_text(recommendation: Recommendation, language: str, text: str, *, by: User | None, is_checked: bool) -> None:
    """Keep a new version of the text in a language; by nobody where the clock drafts."""
    now = recommendation.texts.filter(language=language).order_by("-version").first()
    RecommendationText.objects.create(
        recommendation=recommendation,
        language=language,
        version=now.version + 1 if now else 1,
        text=text,
        is_checked=is_checked,
        written_by=by,
    )


def controllers_of(institutions: Sequence[Organisation]) -> QuerySet[User]:
    """Those who hold the role today."""
    held = Membership.objects.in_force().filter(role=Role.INSTITUTION_CONTROLLER, organisation__in=institutions)
    return User.objects.filter(pk__in=held.values("person"))


def _fill(recommendation: Recommendation, draft: Draft) -> None:
    _check(recommendation, draft)
    source = draft.source
    if source is not None and source.pk is None:
        named = {name: getattr(source, name) for name in SOURCE_NAMES}
        rest = {"issuer": source.issuer, "legal_act": source.legal_act}
        source, _new = SourceDocument.objects.get_or_create(**named, defaults=rest)
    for name in FIELDS:
        setattr(recommendation, name, getattr(draft, name))
    recommendation.source, recommendation.coordinator = source, draft.coordinator
    _fill_dates(recommendation, draft.due)


def _check(recommendation: Recommendation, draft: Draft) -> None:
    institution = draft.institution
    if institution.kind != OrganisationKind.INSTITUTION or not institution.is_active:
        raise Refused(_("%(name)s is not an active institution.") % {"name": institution})
    check_engagement(draft.engagement, recommendation)
    check_findings(draft.findings, draft.engagement, findings_of(recommendation))
    if draft.source is not None and draft.source.department_id != recommendation.department_id:
        raise Refused(_("The source document belongs to another department."))
    if draft.coordinator and draft.coordinator.pk != recommendation.coordinator_id:
        check_coordinator(draft.coordinator, recommendation.department_id)
    if draft.watcher and draft.watcher not in controllers_of([institution]):
        raise Refused(_("%(name)s is not a controller of this institution.") % {"name": draft.watcher})
    if draft.due and any(due > draft.due for due, _topic in draft.interim):
        raise Refused(_("An interim deadline is later than the final one."))


def _fill_dates(recommendation: Recommendation, due: date | None) -> None:
    """A successor keeps the first due date of what it follows; what its own adds to it counts as a slip."""
    before = recommendation.predecessor
    if before:
        recommendation.slips, recommendation.slip_days = before.slips, before.slip_days
    if before is None or before.first_due is None or before.current_due is None:
        recommendation.first_due = recommendation.current_due = due
        return
    if due and due < before.first_due:
        raise Refused(
            _("The due date cannot be before the first due date, %(date)s, which comes from %(number)s.")
            % {"date": f"{before.first_due:%d.%m.%Y}", "number": before.number}
        )
    recommendation.first_due, recommendation.current_due = before.first_due, due or before.current_due
    added = (recommendation.current_due - before.current_due).days
    if added > 0:
        recommendation.slips, recommendation.slip_days = before.slips + 1, before.slip_days + added


def _first_contents(recommendation: Recommendation, draft: Draft) -> dict[str, object]:
    """What a new draft begins with, as the trail tells it: later changes tell only what differs."""
    columns = (Recommendation._meta.get_field(name).attname for name in TOLD)  # type: ignore[union-attr]
    filled = {name: getattr(recommendation, name) or None for name in columns}
    return {"text": dict(draft.texts), **filled, **_as_texts(draft.contributors, draft.interim, draft.findings)}


def _parts(recommendation: Recommendation) -> dict[str, str]:
    """The rows that belong to the recommendation as the trail keeps them."""
    contributors = Contributor.objects.filter(recommendation=recommendation)
    interim = InterimDeadline.objects.filter(recommendation=recommendation).order_by("due", "id")
    dates = [(deadline.due, deadline.topic) for deadline in interim]
    names = [contributor.name for contributor in contributors]
    return _as_texts(names, dates, findings_of(recommendation))


def _as_texts(
    contributors: Sequence[str], interim: Sequence[tuple[date, str]], findings: Sequence[Finding]
) -> dict[str, str]:
    return {
        "contributors": "\n".join(contributors),
        "findings": "\n".join(sorted(finding.number for finding in findings)),
        "interim_deadlines": "\n".join(f"{due:%d.%m.%Y} {topic}".strip() for due, topic in interim),
    }


def _write_parts(recommendation: Recommendation, draft: Draft, by: User | None) -> dict[str, list[str]]:
    """The rows that belong to the recommendation; returns language -> [old, new] of the texts that changed."""
    present = {language: text.text for language, text in recommendation.current_texts().items()}
    changed = {}
    # The authoritative text first: what is written after it is no older than its source.
    for language, text in sorted(draft.texts.items(), key=lambda item: item[0] != draft.authoritative_language):
        old, new = present.get(language, ""), text.strip()
        if old != new:
            write_text(recommendation, language, new, by=by, is_checked=True)
            changed[language] = [old, new]
    Contributor.objects.bulk_create(
        Contributor(recommendation=recommendation, name=name) for name in draft.contributors
    )
    InterimDeadline.objects.bulk_create(
        InterimDeadline(recommendation=recommendation, due=due, topic=topic) for due, topic in draft.interim
    )
    if draft.engagement is not None:
        link(recommendation, draft.findings)
    return changed
