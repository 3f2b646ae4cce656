"""Drafting a recommendation: contents, texts, the person in charge, and the successor of a closed one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases.followup.models import (
    Contributor,
    InterimDeadline,
    NumberSeries,
    Recommendation,
    RecommendationText,
    SourceDocument,
)
from cases.registry.models import Membership, Organisation, User
from workflow import expectations
from workflow.calendar import legal_date
from workflow.follow_up import Classification, Risk
from workflow.lifecycle import Refused, amend, begin
from workflow.recommendation import Action
from workflow.roles import Role

FIELDS = (
    "institution", "source", "item", "cause", "classification", "risk", "is_priority", "controller",
    "authoritative_language", "no_due_reason",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """The contents of a draft: what the person filled in or the import read."""

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
    contributors: Sequence[str] = ()
    interim: Sequence[tuple[date, str]] = ()
    due: date | None = None
    no_due_reason: str = ""
    coordinator: User | None = None


def draft_recommendation(draft: Draft, *, by: User, predecessor: Recommendation | None = None) -> Recommendation:
    """Store a new draft with a provisional number. Raises Refused."""
    with transaction.atomic():
        number = NumberSeries.take("D", legal_date().year)[0]
        recommendation = Recommendation(
            number=number,
            draft_number=number,
            department=draft.department,
            ministry_id=_ministry_of(draft.department),
            coordinator=draft.coordinator,
            predecessor=predecessor,
        )
        if predecessor:
            recommendation.slips, recommendation.slip_days = predecessor.slips, predecessor.slip_days
        _fill(recommendation, draft)
        begin(recommendation, by=by, details={"text": dict(draft.texts)})
        _write_parts(recommendation, draft, by)
    return recommendation


def edit_draft(recommendation: Recommendation, draft: Draft, *, by: User, version: int) -> None:
    """Replace the contents of a draft; each text that changed becomes a new version."""
    with amend(recommendation, Action.EDIT, by=by, version=version) as amendment:
        locked: Recommendation = amendment.case
        _fill(locked, draft)
        InterimDeadline.objects.filter(recommendation=locked).delete()
        Contributor.objects.filter(recommendation=locked).delete()
        amendment.details["text"] = _write_parts(locked, draft, by)


def translate(recommendation: Recommendation, language: str, text: str, *, by: User, is_checked: bool) -> None:
    """Add a version of the text in a language; once issued, the authoritative text stays as it was delivered."""
    if recommendation.issued_on and language == recommendation.authoritative_language:
        raise Refused(_("The authoritative text was delivered and stays as it is."))
    with amend(recommendation, Action.TRANSLATE, by=by) as amendment:
        before = _write_text(amendment.case, language, text, by, is_checked=is_checked)
        amendment.case.fill_search(one.text for one in amendment.case.current_texts().values())
        amendment.details["text"] = {language: [before, text]}


def assign(recommendation: Recommendation, coordinator: User, *, by: User, version: int | None = None) -> None:
    """Put a coordinator of the leading department in charge; what is expected follows them."""
    in_department = Membership.objects.in_force().filter(
        person=coordinator, role=Role.COORDINATOR, organisation=recommendation.department_id
    )
    if not in_department.exists():
        raise Refused(_("%(name)s is not a coordinator of this department.") % {"name": coordinator})
    with amend(recommendation, Action.ASSIGN, by=by, version=version) as amendment:
        amendment.case.coordinator = coordinator
        expectations.reassign(amendment.case)


def draft_successor(recommendation: Recommendation, *, by: User) -> Recommendation:
    """Draft a new recommendation that follows a closed one and inherits its first due date and slips."""
    old = recommendation
    with amend(old, Action.SUCCEED, by=by) as amendment:
        draft = Draft(
            texts={language: text.text for language, text in old.current_texts().items()},
            due=old.first_due,
            coordinator=by,
            department=old.department,
            contributors=[one.name for one in old.contributors.all()],
            **{name: getattr(old, name) for name in FIELDS},
        )
        successor = draft_recommendation(draft, by=by, predecessor=old)
        amendment.details["successor"] = successor.number
    return successor


def _ministry_of(department: Organisation) -> int:
    if department.parent_id is None:
        raise Refused(_("%(department)s belongs to no ministry; ask the registrar.") % {"department": department})
    return department.parent_id


def _fill(recommendation: Recommendation, draft: Draft) -> None:
    for name in FIELDS:
        setattr(recommendation, name, getattr(draft, name))
    inherited = recommendation.predecessor.first_due if recommendation.predecessor else None
    recommendation.first_due = inherited or draft.due
    recommendation.current_due = draft.due if not inherited else max(draft.due or inherited, inherited)
    recommendation.fill_search(draft.texts.values())


def _write_parts(recommendation: Recommendation, draft: Draft, by: User) -> dict[str, list[str]]:
    """The rows beside the recommendation; returns language -> [old, new] of the texts that changed."""
    changed = {}
    for language, text in draft.texts.items():
        old = _write_text(recommendation, language, text, by, is_checked=True)
        if old != text.strip():
            changed[language] = [old, text.strip()]
    Contributor.objects.bulk_create(
        Contributor(recommendation=recommendation, name=name) for name in draft.contributors
    )
    InterimDeadline.objects.bulk_create(
        InterimDeadline(recommendation=recommendation, due=due, topic=topic) for due, topic in draft.interim
    )
    return changed


def _write_text(recommendation: Recommendation, language: str, text: str, by: User, **fields: Any) -> str:
    """Keep a new version where the text differs from the present one; returns the text before."""
    now = recommendation.current_texts().get(language)
    before = now.text if now else ""
    if text.strip() and text.strip() != before:
        RecommendationText.objects.create(
            recommendation=recommendation,
            language=language,
            version=now.version + 1 if now else 1,
            text=text.strip(),
            written_by=by,
            **fields,
        )
    return before
