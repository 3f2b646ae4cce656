"""Recommendations and extension requests in any state, with all that their next acts need, made in a few statements."""

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction

from cases.desk.models import NumberSeries
from cases.followup.delivering import keep_deliveries
from cases.followup.models import (
    Evidence,
    Extension,
    Measure,
    Plan,
    Recommendation,
    RecommendationText,
    ResponseVersion,
    SourceDocument,
)
from cases.registry.models import Membership, Organisation, User
from tests.cast import Cast
from workflow import expectations
from workflow.door import perform
from workflow.lifecycles.extension import level_of
from workflow.lifecycles.follow_up import ClosingReason, Degree, Response
from workflow.lifecycles.recommendation import State
from workflow.models import Event
from workflow.roles import Role, Standing
from workflow.terms import legal_date
from workflow.trail.recording import Entry, record

TEXTS = {
    "ky": "Китепкананын корун 2027-жылдын окуу жылына чейин толуктоо.",
    "ru": "Пополнить фонд библиотеки к 2027 учебному году.",
    "en": "Complete the stock of the library by the academic year 2027.",
}
EVIDENCE = "protocol.pdf"
CONTENT = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SHA256 = sha256(CONTENT).hexdigest()
FOLDER = Path(mkdtemp(prefix="baikoo-evidence-"))
"""Where files lie, unless a test names another folder."""

PATHS: dict[str, tuple[str, ...]] = {
    State.DRAFT: ("create",),
    State.ISSUED: ("create", "issue"),
    State.DISPUTED: ("create", "issue", "dispute"),
    State.UNDER_REVIEW: ("create", "issue", "respond"),
    State.IN_PROGRESS: ("create", "issue", "respond", "agree_plan"),
    State.CLAIMED: ("create", "issue", "respond", "agree_plan", "claim"),
    State.VERIFIED: ("create", "issue", "respond", "agree_plan", "claim", "confirm"),
    State.CLOSED: ("create", "issue", "respond", "agree_plan", "claim", "confirm", "close"),
}
"""state -> the acts that led there."""


@transaction.atomic
def make_recommendation(
    cast: Cast,
    state: str = State.DRAFT,
    *,
    texts: dict[str, str] | None = None,
    measures: int = 2,
    **fields: Any,
) -> Recommendation:
    """A recommendation in `state`: issued a month ago, due in half a year, with plan, evidence, trail and expectation.

    `fields` replace columns; an accountable `institution` other than the university acts through its own head.
    """
    made = Recommendation(**_columns(cast, State(state), fields))
    texts = TEXTS if texts is None else texts
    made.fill_search(texts.values())
    made.save(force_insert=True)
    RecommendationText.objects.bulk_create(
        RecommendationText(recommendation=made, language=language, text=text) for language, text in texts.items()
    )
    _add_plan(made, measures, frozen="agree_plan" in PATHS[made.state])
    _add_answer(cast, made)
    events = _write_trail(cast, made)
    _deliver(made, events)
    expectations.begin([(made, events[-1])], legal_date())
    return made


@transaction.atomic
def make_extension(
    cast: Cast, recommendation: Recommendation | None = None, state: str = "requested", **fields: Any
) -> Extension:
    """A request for thirty more days, asked for by the officer; a decided one was decided by the level required."""
    case = recommendation or make_recommendation(cast, State.IN_PROGRESS)
    extension = new_extension(cast, case, **fields)
    extension.save(force_insert=True)
    standing = _standings([extension.requested_by]).get((extension.requested_by.pk, case.institution_id))
    entry = Entry(
        "extension", extension.pk, extension.number, "create", extension.requested_by, standing,
        "requested", "requested", extension.version, about=("recommendation", case.pk), ministry_id=case.ministry_id,
    )  # fmt: skip
    [event] = record([entry])
    expectations.begin([(extension, event)], legal_date())
    if state != "requested":
        _decide(cast, extension, state)
    return extension


def stay(case: Recommendation | Extension, action: str, by: User) -> Entry:
    """An entry of the trail that leaves the case in its state and version."""
    return Entry(case.CASE_TYPE, case.pk, case.number, action, by, None, case.state, case.state, case.version)


def new_extension(cast: Cast, case: Recommendation, **fields: Any) -> Extension:
    """The same request, not stored yet."""
    due = case.current_due or legal_date()
    until = fields.get("until", due + timedelta(days=30))
    columns: dict[str, Any] = {
        "recommendation": case,
        "number": f"{case.number}-E{case.extensions.count() + 1}",
        "version": 1,
        "until": until,
        "due_before": due,
        "reason": "The supplier delivers later (test).",
        "level": level_of(risk=case.risk, first_due=case.first_due or due, until=until, is_late=due < legal_date()),
        "requested_by": officer_of(cast, case.institution),
    }
    return Extension(**columns | fields)


def make_source(department: Organisation) -> SourceDocument:
    """The one resolution of a council that a department's recommendations stand in."""
    source, _made = SourceDocument.objects.get_or_create(
        department=department,
        number="7 (test)",
        defaults={"kind": "council_resolution", "date": date(2025, 12, 25), "title": "Resolution (test)"},
    )
    return source


def head_of(cast: Cast, institution: Organisation) -> User:
    return cast.director if institution.pk == cast.college.pk else cast.rector


def officer_of(cast: Cast, institution: Organisation) -> User:
    return cast.director if institution.pk == cast.college.pk else cast.officer


def _columns(cast: Cast, state: State, fields: dict[str, Any]) -> dict[str, Any]:
    today = legal_date()
    first_due = fields.get("first_due", today + timedelta(days=180))
    institution, department = fields.get("institution", cast.university), fields.get("department", cast.department)
    draft_number = NumberSeries.take("D", today.year)[0]
    columns = {
        "draft_number": draft_number,
        "number": draft_number,
        "state": state,
        "version": len(PATHS[state]),
        "ministry": cast.ministry,
        "department": department,
        "institution": institution,
        "coordinator": cast.coordinator,
        "source": fields.get("source") or make_source(department),
        "cause": "Criterion 5.2: resources for learning",
        "first_due": first_due,
        "current_due": first_due,
    }
    for act in PATHS[state]:
        columns |= _marks(cast, act, today, institution)
    return columns | fields


def _marks(cast: Cast, act: str, today: date, institution: Organisation) -> dict[str, Any]:
    """What an act leaves on the record."""
    if act == "issue":
        number = NumberSeries.take("R", today.year)[0]
        return {"number": number, "issued_on": today - timedelta(days=30)}
    marks: dict[str, dict[str, Any]] = {
        "dispute": {"response": Response.DISPUTED},
        "respond": {"response": Response.ACCEPTED},
        "claim": {"claimed_by": head_of(cast, institution), "claimed_on": today - timedelta(days=5)},
        "confirm": {"verified_by": cast.coordinator, "verified_on": today, "verified_degree": Degree.FULL},
        "close": {
            "closed_by": cast.head,
            "closed_on": today,
            "closing_reason": ClosingReason.IMPLEMENTED,
            "actual_date": today - timedelta(days=5),
            "effect_review_on": today + relativedelta(months=12),
        },
    }
    return marks.get(act, {})


def _deliver(made: Recommendation, events: Sequence[Event]) -> None:
    if made.issued_on:
        made.delivered_sha256 = sha256(made.delivered_text().encode()).hexdigest()
        Recommendation.objects.filter(pk=made.pk).update(delivered_sha256=made.delivered_sha256)
        keep_deliveries([(made, event) for event in events])


def _add_plan(made: Recommendation, measures: int, *, frozen: bool) -> None:
    if made.state == State.DRAFT or not measures:
        return
    plan = Plan.objects.create(recommendation=made)
    due = (made.current_due or legal_date() + timedelta(days=180)) - timedelta(days=30)
    rows = Measure.objects.bulk_create(
        Measure(plan=plan, position=place, text=f"Measure {place}", responsible="Head of the library", due=due)
        for place in range(1, measures + 1)
    )
    if frozen:
        plan.freeze(made.issued_on or legal_date())
        _add_evidence(made, rows)


def _add_evidence(made: Recommendation, measures: Sequence[Measure]) -> None:
    decision = "received" if made.state == State.IN_PROGRESS else "accepted"
    sender = made.claimed_by_id or _any_member(made.institution_id)
    paths = [f"{made.number}/{measure.position}/{EVIDENCE}" for measure in measures]
    for path in paths:
        _store(path)
    Evidence.objects.bulk_create(
        Evidence(
            recommendation=made,
            measure=measure,
            name=EVIDENCE,
            path=path,
            content_type="application/pdf",
            size=len(CONTENT),
            sha256=SHA256,
            own_date=legal_date(),
            received_from_id=sender,
            decision=decision,
            decided_by=made.coordinator if decision == "accepted" else None,
        )
        for measure, path in zip(measures, paths, strict=True)
    )


def _store(path: str) -> None:
    """In the folder of all tests; one with a folder of its own counts the files that it sends itself."""
    if Path(settings.EVIDENCE_DIR) == FOLDER:
        place = FOLDER / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(CONTENT)


def _any_member(organisation_id: int) -> int:
    return Membership.objects.filter(organisation_id=organisation_id).values_list("person_id", flat=True)[0]


def _add_answer(cast: Cast, made: Recommendation) -> None:
    if not {"respond", "dispute"} & set(PATHS[made.state]):
        return
    ResponseVersion.objects.create(
        recommendation=made,
        version=1,
        response=Response.DISPUTED if made.state == State.DISPUTED else Response.ACCEPTED,
        text="The library is small." if made.state == State.DISPUTED else "",
        plan=Plan.objects.filter(recommendation=made).first(),
        given_by=head_of(cast, made.institution),
    )


def _write_trail(cast: Cast, made: Recommendation) -> list[Event]:
    chair = head_of(cast, made.institution)
    people = {
        "create": cast.coordinator, "issue": cast.coordinator, "dispute": chair, "respond": chair,
        "agree_plan": cast.coordinator, "claim": made.claimed_by, "confirm": made.verified_by, "close": made.closed_by,
    }  # fmt: skip
    standings = _standings({person for person in people.values() if person})
    targets = {path[-1]: state for state, path in PATHS.items()}
    entries, before = [], str(State.DRAFT)
    for version, act in enumerate(PATHS[made.state], start=1):
        who, after = people[act] or cast.coordinator, str(targets[act])
        of = made.institution_id if act in ("dispute", "respond", "claim") else made.department_id
        number = made.draft_number if act == "create" else made.number
        entry = Entry("recommendation", made.pk, number, act, who, standings.get((who.pk, of)), before, after, version)
        entry.ministry_id = made.ministry_id
        entries.append(entry)
        before = after
    return record(entries)


def _standings(people: "set[User] | list[User]") -> dict[tuple[int, int], Standing]:
    """(person, organisation) -> the standing; asked afresh, so that nobody's cached memberships are filled."""
    rows = Membership.objects.in_force().filter(person__in=people)
    return {(row.person_id, row.organisation_id): Standing(row.role, row.organisation_id, row.pk) for row in rows}


def _decide(cast: Cast, extension: Extension, state: str) -> None:
    deciders = {
        Role.COORDINATOR: cast.coordinator, Role.DEPARTMENT_HEAD: cast.head, Role.MINISTRY_LEADER: cast.leader,
    }  # fmt: skip
    action, inputs = {
        "granted": ("grant", {}),
        "refused": ("refuse", {"reason": "Enough time was given."}),
        "returned": ("return_request", {"reason": "Say what was done so far."}),
    }[str(state)]
    perform(extension, action, by=User.objects.get(pk=deciders[Role(extension.level)].pk), **inputs)
