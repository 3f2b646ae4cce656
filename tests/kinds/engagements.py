"""Monitorings and their deliverables, as the tests try them."""

from datetime import date
from pathlib import Path
from typing import Any

from cases.planning import verbs
from cases.planning.models import (
    Contract,
    Deliverable,
    Engagement,
    EngagementUserObjectPermission,
    RouteSeat,
    StageTemplate,
    Suspension,
    TemplateRow,
)
from cases.planning.reviewing import is_reviewed
from cases.planning.stages import load_stages
from cases.planning.verbs import EngagementFacts
from cases.registry.models import Membership, Organisation, User
from tests.cast import Cast
from tests.cast import person as somebody
from tests.kinds import HAND_OVER, Trial
from tests.kinds.planning import ACT, REASON, legal_act
from tests.kinds.written import propose_one
from workflow.case import Case
from workflow.door import perform
from workflow.lifecycles.deliverable import DECIDERS, DRAFTERS
from workflow.lifecycles.deliverable import State as DeliverableState
from workflow.lifecycles.engagement import STAGES, State
from workflow.roles import Role
from workflow.rounds.models import RoundTask, Seat

CONTRACT: dict[str, Any] = {
    "number": "7/26",
    "signed_on": date(2026, 3, 2),
    "amount": "1500000.50",
    "starts": date(2026, 3, 2),
    "ends": date(2026, 12, 31),
    "terms": "As agreed (test).",
}
DATES = {stage.value: (date(2099, place, 1), date(2099, place, 25)) for place, stage in enumerate(STAGES, 1)}
"""So late that nothing is late in these tests."""
SMALL = Path(__file__).parents[1] / "data" / "stages.csv"
"""A list of deliverables with one of each sort."""
LATER = date(2098, 5, 1)
PERSON = {
    Role.COORDINATOR: "coordinator",
    Role.CONTRACTOR_LEAD: "lead",
    Role.CONTRACTOR_EXPERT: "expert",
    Role.DEPARTMENT_HEAD: "head",
    Role.MINISTRY_LEADER: "leader",
}


def facts(cast: Cast, **fields: Any) -> EngagementFacts:
    known: dict[str, Any] = {
        "title": "Engineering (test)",
        "levels": ["university"],
        "directions": [1, 4],
        "institutions": [cast.university],
        "legal_basis": legal_act(),
        "off_plan_reason": "The Ministry asks for it (test).",
    }
    return EngagementFacts(**{**known, **fields})


def make_engagement(cast: Cast, state: str = State.PLANNED, *, stages: Path = SMALL, **fields: Any) -> Engagement:
    """A monitoring in a state to which real acts led; from `preparation` on with a contract and an expert."""
    load_stages(stages)
    engagement = verbs.plan_engagement(cast.department, facts(cast, **fields), by=cast.coordinator)
    verbs.set_dates(engagement, DATES, by=cast.coordinator, version=engagement.version)
    way: tuple[str, ...] = (State.PLANNED, *STAGES, State.CLOSED)
    last = State.COLLECTION if state == State.CANCELLED else state
    for place in range(1, way.index(last) + 1):
        _go_on(cast, engagement, way[place])
    if state == State.CANCELLED:
        perform(engagement, "cancel", by=cast.leader, reason="Not now (test).", cancelling_act_id=legal_act().pk)
    return engagement


def deliver(cast: Cast, engagement: Engagement) -> None:
    """Everything that the stage asks for is written, agreed and approved."""
    for deliverable in Deliverable.objects.filter(engagement=engagement, stage=engagement.state).order_by("pk"):
        if deliverable.state == DeliverableState.DRAFT:
            approve(cast, deliverable)
    engagement.refresh_from_db()


def submit(cast: Cast, deliverable: Deliverable) -> None:
    propose_one(cast, deliverable)
    drafter = person(cast, deliverable.drafter_role)
    texts = {"text_ky": f"{deliverable.title} (test)"}
    verbs.write_texts(deliverable, texts, by=drafter, version=deliverable.version)
    if is_reviewed(deliverable):
        name_two(cast, deliverable)
    perform(deliverable, "submit", by=drafter)


def name_two(cast: Cast, deliverable: Deliverable) -> tuple[User, User]:
    """Two experts of the contractor, who are let in to the monitoring, give their conclusion on it."""
    engagement = deliverable.engagement
    named = expert_named(cast, "Nurgul", engagement), expert_named(cast, "Ulan", engagement)
    verbs.name_reviewers(deliverable, named, by=cast.coordinator, version=deliverable.version)
    return named


def expert_named(cast: Cast, name: str, engagement: Engagement) -> User:
    """Another expert of the contractor, who is let in to the monitoring."""
    expert = User.objects.filter(full_name=f"{name} (test)").first()
    expert = expert or somebody(name, (cast.contractor, Role.CONTRACTOR_EXPERT))
    if not EngagementUserObjectPermission.objects.filter(user=expert, content_object=engagement).exists():
        verbs.give_access(engagement, expert, by=cast.lead)
    return expert


def approve(cast: Cast, deliverable: Deliverable) -> None:
    submit(cast, deliverable)
    answer_until(cast, deliverable, DeliverableState.APPROVED)


def answer_until(cast: Cast, deliverable: Deliverable, state: str) -> None:
    """All who are asked agree, until it is in this state."""
    while deliverable.state != state:
        seat = deliverable.tasks_waiting()[0].seat
        assert seat is not None
        action = "approve" if deliverable.state == DeliverableState.AGREED else "agree"
        perform(deliverable, action, by=seat.named or person(cast, seat.role))


def person(cast: Cast, role: str) -> User:
    user: User = getattr(cast, PERSON[Role(role)])
    return user


def conclude(cast: Cast, engagement: Engagement) -> None:
    """The contract, once the decision on the contractor is approved; and an expert who is let in."""
    decision = Deliverable.objects.get(engagement=engagement, row__kind="contractor_decision")
    approve(cast, decision)
    inputs = {**CONTRACT, "contractor_id": cast.contractor.pk, "number": f"7/{engagement.pk}"}
    perform(engagement, "conclude_contract", by=cast.coordinator, **inputs)
    verbs.give_access(engagement, cast.expert, by=cast.lead)
    engagement.refresh_from_db()


def _go_on(cast: Cast, engagement: Engagement, target: str) -> None:
    if engagement.state == State.PLANNED:
        perform(engagement, "start", by=cast.coordinator)
        conclude(cast, engagement)
        return
    deliver(cast, engagement)
    if target == State.FOLLOW_UP:
        perform(engagement, "publish", by=cast.leader, is_checked=True)
    elif target == State.CLOSED:
        perform(engagement, "close", by=cast.head)
    else:
        perform(engagement, f"begin_{target}", by=cast.coordinator)


def _make(cast: Cast, state: str) -> Case:
    legal_act()
    engagement = make_engagement(cast, state)
    if state in STAGES:
        deliver(cast, engagement)
    return engagement


def _new(cast: Cast, by: User) -> Case:
    return Engagement(
        number="E-2026-99999",
        ministry=cast.ministry,
        department=cast.department,
        coordinator=by,
        template=load_stages(SMALL),
        title="Engineering (test)",
    )


def _suit(engagement: Engagement, user: User, action: str) -> None:
    """Some acts exclude one another: a contract is there or not, the monitoring is suspended or not."""
    rows = Engagement.objects.filter(pk=engagement.pk)
    if action == "conclude_contract":
        rows.update(contract=None, contractor=None)
        Contract.objects.filter(engagements=None).delete()
    elif action == "resume":
        rows.update(suspended_on=date(2026, 1, 1), resume_by=LATER)
        Suspension.objects.create(
            engagement=engagement, suspended_on=date(2026, 1, 1), resume_by=LATER, reason="So (test).", by=user
        )


def _approved_before(case: Engagement) -> list[str]:
    """The first approved deliverable of the stage before."""
    return list(case.reopenable().order_by("pk").values_list("number", flat=True)[:1])


def _contractor_id(case: Engagement) -> int:
    return Organisation.objects.get(code="CON").pk


def _expert_id(case: Engagement) -> int:
    """The expert of the cast, who works for the contractor."""
    return Membership.objects.get(role=Role.CONTRACTOR_EXPERT, organisation__code="CON").person_id


ENGAGEMENT = Trial(
    Engagement,
    _make,
    _new,
    {
        "publish": {"is_checked": True},
        "send_back": {**REASON, "deliverables": _approved_before},
        "suspend": {**REASON, "until": LATER},
        "cancel": {**REASON, "cancelling_act_id": ACT},
        "conclude_contract": {**CONTRACT, "contractor_id": _contractor_id},
        **dict.fromkeys(("give_access", "withdraw_access"), {"expert_id": _expert_id}),
    },
    suit=_suit,
    apart=frozenset({"conclude_contract", "resume"}),
)


def make_deliverable(cast: Cast, state: str = DeliverableState.DRAFT) -> Deliverable:
    """A deliverable that everybody may be asked about at once, of a monitoring in preparation."""
    template = load_stages(SMALL)
    row = template.rows.filter(kind="national_team").first() or _row_for_everybody(template)
    engagement = make_engagement(cast, State.PREPARATION)
    deliverable = Deliverable.objects.get(engagement=engagement, row=row)
    texts = {"text_ky": "Баары (test)"}
    verbs.write_texts(deliverable, texts, by=cast.expert, version=deliverable.version)
    if state == DeliverableState.LEFT_OUT:
        perform(deliverable, "leave_out", by=cast.head, reason="Not needed here (test).")
    elif state != DeliverableState.DRAFT:
        perform(deliverable, "submit", by=cast.expert)
        for role in DECIDERS if state != DeliverableState.SUBMITTED else ():
            perform(deliverable, "agree", by=person(cast, role))
        if state == DeliverableState.APPROVED:
            perform(deliverable, "approve", by=cast.leader)
    return deliverable


def _row_for_everybody(template: StageTemplate) -> TemplateRow:
    row = TemplateRow.objects.create(
        template=template, place=99, stage="preparation", kind="national_team", title="Everything (test)",
        drafter_role=Role.CONTRACTOR_EXPERT, is_required=False, needs_contract=True, term_days=20,
        regulation="REG-11.1",
    )  # fmt: skip
    asked = {"row": row, "days": 5}
    for place, role in enumerate(DECIDERS, 1):
        RouteSeat.objects.create(step=1, place=place, role=role, **asked)
        RouteSeat.objects.create(step=2, place=place, role=role, mode="any", approves=True, **asked)
    return row


def _make_deliverable(cast: Cast, state: str) -> Case:
    return make_deliverable(cast, state)


def new_deliverable(cast: Cast, by: User) -> Case:
    engagement = Engagement.objects.last() or make_engagement(cast, State.PREPARATION)
    row = TemplateRow.objects.filter(template=engagement.template).last()
    number = f"{engagement.number}-99"
    day = date(2099, 1, 20)
    return Deliverable(
        number=number, engagement=engagement, stage="collection", row=row, direction=13,
        drafter_role=Role.COORDINATOR, asked_on=day, due=day,
    )  # fmt: skip


def _suit_deliverable(deliverable: Deliverable, user: User, action: str) -> None:
    """Make the role of the user who tries it the one that prepares the deliverable; an expert is asked by name."""
    if Role.CONTRACTOR_EXPERT in user.role_map and deliverable.state == DeliverableState.SUBMITTED:
        ask_by_name(deliverable, user)
    role = next((role for role in DRAFTERS if role in user.role_map), None)
    if role is not None:
        Deliverable.objects.filter(pk=deliverable.pk).update(drafter_role=role)
        deliverable.drafter_role = role


def ask_by_name(deliverable: Deliverable, expert: User) -> None:
    """The seat of the contractor's lead is one of this expert, by name; the lead has submitted it."""
    submitter = User.objects.get(memberships__role=Role.CONTRACTOR_LEAD, memberships__organisation__code="CON")
    Deliverable.objects.filter(pk=deliverable.pk).update(submitted_by=submitter)
    deliverable.submitted_by = submitter
    tasks = RoundTask.objects.filter(
        process__subject_type="deliverable", process__subject_id=deliverable.pk, process__outcome="",
        seat__role=Role.CONTRACTOR_LEAD,
    )  # fmt: skip
    Seat.objects.filter(pk__in=tasks.values("seat")).update(role=Role.CONTRACTOR_EXPERT, named=expert)
    RoundTask.objects.filter(seat__named=expert).update(owner=expert, status="ASSIGNED")


DELIVERABLE = Trial(
    Deliverable,
    _make_deliverable,
    new_deliverable,
    {**dict.fromkeys(("send_back", "decline", "leave_out", "reopen", "move_due"), REASON), "hand_over": HAND_OVER},
    suit=_suit_deliverable,
)
