"""Monitorings with 24 deliverables and 60 rounds each: how they are made, and what is measured of them."""

import random
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench.bulk import Bulk
from bench.cloning import copy_monitoring
from bench.data import World, add_person, add_recommendations, make_world
from bench.operations import Operation, acts, gets
from cases.planning import verbs
from cases.planning.models import Deliverable, Engagement, PlanSchedule, StageTemplate
from cases.planning.stages import load_stages
from cases.planning.verbs import EngagementFacts, ItemFacts, PlanFacts
from cases.registry.models import LegalAct, Organisation, OrganisationKind, User
from workflow.door import perform
from workflow.lifecycles.deliverable import State
from workflow.lifecycles.engagement import STAGES
from workflow.roles import Role
from workflow.terms import legal_date

EACH, ROUNDS, CONTRACTORS, LEADERS = 24, 60, 20, 49
"""Deliverables and rounds of a monitoring; contractors; the leaders who agree a plan-schedule with the head."""
RECOMMENDATIONS = 1_000
"""For a `perform()` to compare with."""
PAIR = ("contractor_lead", "coordinator+department_head", "ministry_leader", "yes")
SINGLE = ("coordinator", "department_head", "ministry_leader", "")
HEADINGS = (
    "stage,kind,title_ky,title_ru,title_en,drafts,agrees,approves,required,per_direction,needs_contract,term_days,"
    "regulation"
)


def make_monitorings(first: int, last: int) -> None:
    """Monitorings with the deliverables number `first` to `last`: one by real acts, the others as copies of it."""
    places = range(first // EACH or 1, last // EACH)
    if first == 1:
        world = make_world()
        add_recommendations(world, 1, RECOMMENDATIONS, "claimed")
        _add_people(world)
        _make_first(world)
    world, engagement = World.stored(), _first()
    contractors = list(
        Organisation.objects.filter(kind=OrganisationKind.CONTRACTOR).order_by("pk").values_list("pk", flat=True)
    )
    copy_monitoring(
        engagement.pk,
        engagement.number,
        places,
        {world.coordinators[0].pk: [person.pk for person in world.coordinators]},
        {contractors[0]: contractors},
    )


def _add_people(world: World) -> None:
    for number in range(CONTRACTORS):
        firm = Organisation.objects.create(
            code=f"F-{number:02d}", kind=OrganisationKind.CONTRACTOR, name=f"Firm {number} (demo)"
        )
        add_person(f"lead{number}", firm, Role.CONTRACTOR_LEAD)
    for number in range(LEADERS):
        add_person(f"leader{number}", world.ministry, Role.MINISTRY_LEADER)


def _make_first(world: World) -> None:
    act = LegalAct.objects.create(kind="order", number="1", date="2025-12-20", title_ky="Буйрук (demo)")
    load_stages(_stages())
    engagement = _planned(world, act)
    perform(engagement, "start", by=_of(Role.COORDINATOR))
    decision = engagement.deliverables.get(row__kind="contractor_decision")
    _submit(decision)
    _answer(decision, Role.DEPARTMENT_HEAD)
    _answer(decision, Role.MINISTRY_LEADER, "approve")
    today = legal_date()
    firm = Organisation.objects.filter(kind=OrganisationKind.CONTRACTOR).order_by("pk")[0]
    perform(
        engagement, "conclude_contract", by=_of(Role.COORDINATOR), number="1", signed_on=today, contractor_id=firm.pk,
        amount=1_000_000, starts=today, ends=today + timedelta(days=300),
    )  # fmt: skip
    _go_round(list(engagement.deliverables.exclude(pk=decision.pk).order_by("pk")))


def _go_round(deliverables: list[Deliverable]) -> None:
    """Most are returned once or twice; in the end a third is approved, a third waits, and a third is agreed by one."""
    returned = ROUNDS - 1 - len(deliverables)
    for turn in range(returned):
        deliverable = deliverables[turn % len(deliverables)]
        _submit(deliverable)
        perform(deliverable, "send_back", by=_of(Role.DEPARTMENT_HEAD), reason="Dates are missing (demo)")
    for turn, deliverable in enumerate(deliverables):
        _submit(deliverable)
        if turn % 3:
            _answer(deliverable, Role.DEPARTMENT_HEAD)
        if turn % 3 == 1:
            if deliverable.state == State.SUBMITTED:
                _answer(deliverable, Role.COORDINATOR)
            _answer(deliverable, Role.MINISTRY_LEADER, "approve")


def _submit(deliverable: Deliverable) -> None:
    drafter = _of(Role(deliverable.drafter_role))
    texts = {"text_ky": f"{deliverable.title}: {'Мониторингдин максаты жана ыкмалары (demo). ' * 20}"}
    verbs.write_texts(deliverable, texts, by=drafter, version=deliverable.version)
    perform(deliverable, "submit", by=drafter)


def _answer(deliverable: Deliverable, role: Role, action: str = "agree") -> None:
    perform(deliverable, action, by=_of(role))


def _planned(world: World, act: LegalAct) -> Engagement:
    facts = EngagementFacts(
        title="Инженердик программалардын мониторинги (demo)",
        levels=["college"],
        directions=[1, 4],
        institutions=list(Organisation.objects.filter(pk__in=world.institutions[:40])),
        legal_basis=act,
        off_plan_reason="Министрликтин тапшырмасы (demo)",
    )
    coordinator, today = _of(Role.COORDINATOR), legal_date()
    engagement = verbs.plan_engagement(world.department, facts, by=coordinator)
    dates = verbs.suggested(today, today + timedelta(days=240))
    verbs.set_dates(engagement, dates, by=coordinator, version=engagement.version)
    return engagement


def _stages() -> Path:
    """All that the first stage asks for: a decision, and half of the others by the contractor."""
    path = Path(tempfile.mkdtemp()) / "stages.csv"
    lines = [HEADINGS, _line("contractor_decision", *SINGLE)]
    lines += [_line(f"part_{number}", *(PAIR if number % 2 else SINGLE)) for number in range(1, EACH)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _line(kind: str, drafts: str, agrees: str, approves: str, needs_contract: str) -> str:
    title = f"Документ {kind} (demo)"
    return f"{STAGES[0]},{kind},{title},{title},{title},{drafts},{agrees},{approves},yes,,{needs_contract},20,REG-11.1"


def _first() -> Engagement:
    return Engagement.objects.order_by("pk")[0]


def _of(role: Role) -> User:
    """The first person with the role, as a page has it: with roles that are known."""
    person = User.objects.filter(memberships__role=role).order_by("pk")[0]
    if role not in person.role_map:
        raise RuntimeError(f"{person} has not the role {role}")
    return person


def monitoring_operations(world: World) -> dict[str, Operation]:
    leads = list(User.objects.filter(memberships__role=Role.CONTRACTOR_LEAD).order_by("pk"))
    coordinators, leader, head = world.coordinators, [world.leader], [_of(Role.DEPARTMENT_HEAD)]
    number = _first().number
    choose = random.Random(1)
    numbers = choose.choices(list(Engagement.objects.values_list("number", flat=True)), k=200)
    deliverables = choose.choices(
        list(Deliverable.objects.exclude(state="draft").values_list("number", flat=True)), k=200
    )
    return {
        "monitoring page, coordinator": gets(coordinators[:1], f"/engagements/{number}/"),
        "monitoring page, any, ministry": _each(leader, "engagements", numbers),
        "deliverable page, any, ministry": _each(leader, "deliverables", deliverables),
        "list of monitorings, coordinator": gets(coordinators, "/engagements/"),
        "list of monitorings, ministry": gets(leader, "/engagements/"),
        "list of monitorings, contractor": gets(leads, "/engagements/"),
        "list of deliverables, ministry": gets(leader, "/deliverables/"),
        "inbox, coordinator": gets(coordinators, "/"),
        "inbox, contractor": gets(leads, "/"),
        "inbox, head of department": gets(head, "/"),
        "inbox, ministry": gets(leader, "/"),
        "perform()": acts(world)["perform()"],
    }


def _each(people: list[User], folder: str, numbers: list[str]) -> Operation:
    calls = [gets(people, f"/{folder}/{number}/") for number in numbers]
    return lambda turn: calls[turn % len(calls)](turn)


def monitoring_bulks(world: World) -> dict[str, Bulk]:
    """Acts of rounds; each is undone. A `perform()` is measured with them, to compare."""
    one = partial(Bulk, 1)
    return {
        "start with 24 deliverables": one(partial(_ready_to_start, world), _act("start", Role.COORDINATOR)),
        "submit": one(partial(_waiting, submitted=False), _act("submit", Role.CONTRACTOR_LEAD)),
        "answer, one of two": one(_waiting, _act("agree", Role.DEPARTMENT_HEAD)),
        "answer that ends a step": one(_half_agreed, _act("agree", Role.COORDINATOR)),
        "approve": one(_agreed, _act("approve", Role.MINISTRY_LEADER)),
        "return": one(_waiting, _act("send_back", Role.DEPARTMENT_HEAD, reason="Dates are missing (demo)")),
        "50 seats in a step, first answer": one(partial(_fifty, world, 0), _agree_plan),
        "50 seats in a step, last answer": one(partial(_fifty, world, LEADERS), _agree_plan),
    }


def _act(action: str, role: Role, **inputs: object) -> Callable[[Any], object]:
    person = _of(role)
    return lambda case: perform(case, action, by=person, **inputs)


def _ready_to_start(world: World) -> Engagement:
    template = StageTemplate.objects.get()
    template.rows.update(needs_contract=False, drafter_role=Role.COORDINATOR)
    engagement = _planned(world, LegalAct.objects.get())
    return Engagement.objects.get(pk=engagement.pk)


def _waiting(*, submitted: bool = True) -> Deliverable:
    """One of the contractor's, as two are asked at once, or as it is before it is submitted."""
    rows = _first().deliverables.filter(drafter_role=Role.CONTRACTOR_LEAD, state=State.SUBMITTED)
    deliverable = next(row for row in rows if len(row.tasks_waiting()) == 2)
    if not submitted:
        perform(deliverable, "recall", by=_of(Role.CONTRACTOR_LEAD))
    return Deliverable.objects.get(pk=deliverable.pk)


def _half_agreed() -> Deliverable:
    deliverable = _waiting()
    _answer(deliverable, Role.DEPARTMENT_HEAD)
    return Deliverable.objects.get(pk=deliverable.pk)


def _agreed() -> Deliverable:
    deliverable = _half_agreed()
    _answer(deliverable, Role.COORDINATOR)
    return Deliverable.objects.get(pk=deliverable.pk)


def _fifty(world: World, answered: int) -> tuple[PlanSchedule, User]:
    """A plan-schedule that the head and the leaders are asked about, of whom some have answered; and who is next."""
    coordinator, year = _of(Role.COORDINATOR), legal_date().year + 1 + PlanSchedule.objects.count()
    leaders = list(User.objects.filter(memberships__role=Role.MINISTRY_LEADER).order_by("pk"))[:LEADERS]
    plan = verbs.draft_plan(world.department, "План (demo)", (year, year), by=coordinator)
    facts = PlanFacts(plan.title, (year, year), "Калганы кийинчерээк (demo)", leaders)
    verbs.edit_plan(plan, facts, by=coordinator, version=plan.version)
    item = ItemFacts(
        "Мониторинг (demo)",
        date(year, 3, 1),
        date(year, 6, 1),
        levels=["college"],
        directions=[1],
        institutions=list(Organisation.objects.filter(pk__in=world.institutions)),
        legal_basis=LegalAct.objects.get(),
    )
    verbs.add_item(plan, item, by=coordinator, version=plan.version)
    perform(plan, "submit", by=coordinator)
    order = [*leaders, _of(Role.DEPARTMENT_HEAD)]
    for person in order[:answered]:
        perform(plan, "agree", by=person)
    return PlanSchedule.objects.get(pk=plan.pk), User.objects.get(pk=order[answered].pk)


def _agree_plan(ready: tuple[PlanSchedule, User]) -> None:
    plan, person = ready
    perform(plan, "agree", by=person)
