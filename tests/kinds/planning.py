"""Plan-schedules, as the tests try them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from cases.planning import verbs
from cases.planning.models import PlanSchedule
from cases.planning.verbs import ItemFacts, PlanFacts
from cases.registry.models import LegalAct, User
from tests.cast import Cast
from tests.kinds import HAND_OVER, Trial
from workflow.case import Case
from workflow.door import perform
from workflow.lifecycles.plan_schedule import State

YEAR = 2026
"""A year that has begun, so that what is approved can be put in force."""

REASON = {"reason": "It has to be so."}
ACT = 10_007
"""The id of the order by which plan-schedules of the tests are approved."""


def legal_act() -> LegalAct:
    facts = {"kind": "order", "number": "1-7", "date": "2025-12-20", "title_ky": "Буйрук (test)"}
    return LegalAct.objects.get_or_create(pk=ACT, defaults=facts)[0]


def item_facts(cast: Cast, **fields: Any) -> ItemFacts:
    facts: dict[str, Any] = {
        "title": "Engineering (test)",
        "starts": date(YEAR, 3, 1),
        "ends": date(YEAR, 6, 30),
        "levels": ["university"],
        "directions": [1, 4],
        "institutions": [cast.university, cast.college],
        "legal_basis": legal_act(),
    }
    return ItemFacts(**{**facts, **fields})


def make_plan(cast: Cast, state: str = State.DRAFT, *, years: tuple[int, int] = (YEAR, YEAR)) -> PlanSchedule:
    """A plan-schedule with one monitoring, in a state to which real acts led."""
    plan = verbs.draft_plan(cast.department, "Plan-schedule (test)", years, by=cast.coordinator)
    facts = PlanFacts(plan.title, years, "The rest follows later (test).", [cast.leader])
    verbs.edit_plan(plan, facts, by=cast.coordinator, version=plan.version)
    item = item_facts(cast, starts=date(years[0], 3, 1), ends=date(years[0], 6, 30))
    verbs.add_item(plan, item, by=cast.coordinator, version=plan.version)
    for act in WAY[: list(State).index(State(state))]:
        act(cast, plan)
    return plan


def _submit(cast: Cast, plan: PlanSchedule) -> None:
    perform(plan, "submit", by=cast.coordinator)


def _agree(cast: Cast, plan: PlanSchedule) -> None:
    """By both who are asked at once."""
    perform(plan, "agree", by=cast.head)
    perform(plan, "agree", by=cast.leader)


def _approve(cast: Cast, plan: PlanSchedule) -> None:
    perform(plan, "approve", by=cast.leader, approval_act_id=legal_act().pk)


def _put_in_force(cast: Cast, plan: PlanSchedule) -> None:
    perform(plan, "put_in_force", by=cast.head)


def _supersede(cast: Cast, plan: PlanSchedule) -> None:
    perform(make_plan(cast, State.APPROVED), "put_in_force", by=cast.head)
    plan.refresh_from_db()


WAY: tuple[Callable[[Cast, PlanSchedule], None], ...] = (_submit, _agree, _approve, _put_in_force, _supersede)


def _make(cast: Cast, state: str) -> Case:
    return make_plan(cast, state)


def _new(cast: Cast, by: User) -> Case:
    return PlanSchedule(
        number="P-2026-99999",
        ministry=cast.ministry,
        department=cast.department,
        coordinator=by,
        title="Plan-schedule (test)",
        first_year=YEAR,
        last_year=YEAR,
    )


PLAN_SCHEDULE = Trial(
    PlanSchedule,
    _make,
    _new,
    {"approve": {"approval_act_id": ACT}, "send_back": REASON, "decline": REASON, "hand_over": HAND_OVER},
)
