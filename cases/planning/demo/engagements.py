"""Monitorings of the demo: one in every stage, one suspended, one cancelled, a pilot and its main one.

Carried into their stages by real acts. The one in its preparation is the one to walk through: like all but the pilot
and its main one it began under an earlier, shorter list of deliverables, so that a person alone gets to its end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.utils import translation

from cases.planning import verbs
from cases.planning.demo import lines
from cases.planning.demo.plans import Planned
from cases.planning.models import Deliverable, Engagement, PlanItem
from cases.planning.reviewing import is_reviewed
from cases.planning.stages import load_stages
from cases.planning.verbs import EngagementFacts
from cases.registry.models import LegalAct, Organisation, User
from workflow.door import perform
from workflow.lifecycles.deliverable import State as DeliverableState
from workflow.lifecycles.engagement import STAGES, State
from workflow.roles import Role
from workflow.terms import legal_date

DRAFTERS = {
    Role.COORDINATOR: "coordinator",
    Role.CONTRACTOR_LEAD: "contractor_lead",
    Role.CONTRACTOR_EXPERT: "contractor_expert",
}
DAYS = 240
"""How long a monitoring of the demo takes."""
SHORT_LIST = Path(__file__).with_name("short-list.csv")
WALKED: Sequence[tuple[str, str]] = (
    (State.PLANNED, "Тамак-аш өнөр жайы боюнча мониторинг (demo)"),
    (State.ANALYSIS, "Айыл чарба программаларынын мониторинги (demo)"),
    (State.CONCLUSIONS, "Маалыматтык технологиялар боюнча мониторинг (demo)"),
    (State.REPORTING, "Курулуш программаларынын мониторинги (demo)"),
)
"""stage -> the title of the monitoring (outside of the plan-schedule) that has reached it in the demo."""

PROPOSALS: Sequence[Mapping[str, object]] = (
    {
        "proposal": "Медициналык колледждерде практикалык окутууну өзүнчө текшерүү (demo)",
        "direction": 5,
        "grounds": "Бүтүрүүчүлөрдүн жарымында практика болгон эмес (demo)",
    },
    {
        "proposal": "Окутуучулардын квалификациясын жогорулатууну кийинки мониторингге киргизүү (demo)",
        "direction": 2,
        "grounds": "Окутуучулардын үчтөн бири беш жыл бою окуган эмес (demo)",
    },
)
"""What the monitoring that is closed proposes for the next period."""

Prepare = Callable[[Deliverable, Mapping[str, User]], None]


@dataclass(frozen=True)
class Demo:
    """Who takes part, by the part of their address before the @, and by which act."""

    organisations: Mapping[str, Organisation]
    people: Mapping[str, User]
    act: LegalAct
    prepare: Prepare


def load_engagements(
    organisations: Mapping[str, Organisation], people: Mapping[str, User], planned: Planned, *, prepare: Prepare
) -> Engagement:
    """The one that is followed up. `prepare` does what rooms above ask for before a deliverable is submitted."""
    act = LegalAct.objects.filter(number="15/1").latest("pk")
    demo = Demo(organisations, people, act, prepare)
    load_stages(SHORT_LIST, in_force_from=legal_date() - timedelta(days=DAYS))
    _prepare(demo, _planned(demo, planned.safety))
    followed_up = _planned(demo, planned.universities)
    _walk(demo, followed_up, State.FOLLOW_UP)
    for stage, title in WALKED:
        _walk(demo, _off_plan(demo, title), stage)
    _suspend(demo, _off_plan(demo, "Медициналык билим берүүнүн мониторинги (demo)"))
    _cancel(demo, _off_plan(demo, "Транспорт боюнча мониторинг (demo)"))
    load_stages()
    _walk(demo, _planned(demo, planned.pilot), State.CLOSED)
    _walk(demo, _planned(demo, planned.main), State.COLLECTION)
    return followed_up


def _suspend(demo: Demo, engagement: Engagement) -> None:
    _walk(demo, engagement, State.PREPARATION)
    until = legal_date() + timedelta(days=30)
    reason = "Билим берүү уюмдарында каникул (demo)"
    perform(engagement, "suspend", by=demo.people["department_head"], reason=reason, until=until)


def _cancel(demo: Demo, engagement: Engagement) -> None:
    reason = "Каржылоо бөлүнгөн жок (demo)"
    leader = demo.people["ministry_leader"]
    perform(engagement, "cancel", by=leader, reason=reason, cancelling_act_id=demo.act.pk)


def _planned(demo: Demo, item: PlanItem) -> Engagement:
    facts = replace(verbs.facts_of(item), goal="Программалардын сапатын жана натыйжаларын баалоо (demo)")
    department = demo.organisations["DEQ"]
    return verbs.plan_engagement(department, facts, by=demo.people["coordinator"], item=item)


def _off_plan(demo: Demo, title: str) -> Engagement:
    facts = EngagementFacts(
        title=title,
        goal="Программалардын сапатын баалоо (demo)",
        levels=["university", "college"],
        directions=[4],
        institutions=[demo.organisations["KSTU"], demo.organisations["C-001"]],
        legal_basis=demo.act,
        off_plan_reason="Министрликтин тапшырмасы (demo)",
    )
    department = demo.organisations["DEQ"]
    return verbs.plan_engagement(department, facts, by=demo.people["coordinator"])


def _date(demo: Demo, engagement: Engagement, target: str) -> None:
    """So that its stage has begun some days ago, or begins soon."""
    before = STAGES[: STAGES.index(State(target))] if target in STAGES else ()
    passed = sum(verbs.SHARES[stage] for stage in before)
    ahead = 14 if target == State.PLANNED else -14
    starts = legal_date() + timedelta(days=ahead - DAYS * passed // 100)
    dates = verbs.suggested(starts, starts + timedelta(days=DAYS))
    verbs.set_dates(engagement, dates, by=demo.people["coordinator"], version=engagement.version)


def _walk(demo: Demo, engagement: Engagement, target: str) -> None:
    """From stage to stage, with all that is delivered on the way."""
    _date(demo, engagement, target)
    way = (State.PLANNED, *STAGES, State.CLOSED)
    for stage in way[1 : way.index(State(target)) + 1]:
        if stage != State.PREPARATION:
            _deliver(demo, engagement)
        _ACTS.get(stage, _begin(stage))(demo, engagement)


def _begin(stage: str) -> Callable[[Demo, Engagement], object]:
    return lambda demo, engagement: perform(engagement, f"begin_{stage}", by=demo.people["coordinator"])


def _start(demo: Demo, engagement: Engagement) -> None:
    perform(engagement, "start", by=demo.people["coordinator"])
    _approve(demo, Deliverable.objects.get(engagement=engagement, row__kind="contractor_decision"))
    _conclude(demo, engagement)


def _publish(demo: Demo, engagement: Engagement) -> None:
    perform(engagement, "publish", by=demo.people["ministry_leader"], is_checked=True)


def _close(demo: Demo, engagement: Engagement) -> None:
    perform(engagement, "close", by=demo.people["department_head"])


_ACTS: Mapping[str, Callable[[Demo, Engagement], object]] = {
    State.PREPARATION: _start,
    State.FOLLOW_UP: _publish,
    State.CLOSED: _close,
}


def _conclude(demo: Demo, engagement: Engagement) -> None:
    year = legal_date().year
    perform(
        engagement,
        "conclude_contract",
        by=demo.people["coordinator"],
        number=f"{engagement.pk}/{year}",
        signed_on=legal_date(),
        contractor_id=demo.organisations["K-001"].pk,
        amount=Decimal(1_200_000),
        starts=date(year, 1, 10),
        ends=date(year + 1, 12, 20),
        terms="Техникалык тапшырма боюнча (demo)",
    )
    verbs.give_access(engagement, demo.people["contractor_expert"], by=demo.people["contractor_lead"])


def _deliver(demo: Demo, engagement: Engagement) -> None:
    for deliverable in Deliverable.objects.filter(
        engagement=engagement, stage=engagement.state, state=DeliverableState.DRAFT
    ).order_by("pk"):
        if deliverable.is_required:
            _approve(demo, deliverable)
        else:
            reason = "Бул жолу салыштыруу каралган эмес (demo)"
            perform(deliverable, "leave_out", by=demo.people["coordinator"], reason=reason)
    engagement.refresh_from_db()


def _approve(demo: Demo, deliverable: Deliverable) -> None:
    _submit(demo, deliverable)
    while deliverable.state != DeliverableState.APPROVED:
        _answer(demo, deliverable)


def _submit(demo: Demo, deliverable: Deliverable) -> None:
    demo.prepare(deliverable, demo.people)
    drafter = demo.people[DRAFTERS[Role(deliverable.drafter_role)]]
    with translation.override("ky"):
        texts = {"text_ky": f"{deliverable.row.title}: даярдалган текст (demo)"}
    verbs.write_texts(deliverable, texts, by=drafter, version=deliverable.version)
    _name_reviewers(demo, deliverable)
    for proposal in PROPOSALS if deliverable.row.kind == "proposals" else ():
        verbs.add_line(deliverable, proposal, by=drafter, version=deliverable.version)
    perform(deliverable, "submit", by=drafter)


def _name_reviewers(demo: Demo, deliverable: Deliverable) -> None:
    """Two experts of the contractor conclude on it, where its route asks for that."""
    if not is_reviewed(deliverable):
        return
    named = demo.people["contractor_expert"], demo.people["second_expert"]
    verbs.give_access(deliverable.engagement, named[1], by=demo.people["contractor_lead"])
    verbs.name_reviewers(deliverable, named, by=demo.people["coordinator"], version=deliverable.version)


def _answer(demo: Demo, deliverable: Deliverable, action: str = "", **inputs: str) -> None:
    """The first of those who are asked agrees or approves, or does what is said."""
    seat = deliverable.tasks_waiting()[0].asked
    default = "approve" if deliverable.state == DeliverableState.AGREED else "agree"
    person = seat.named or demo.people[DRAFTERS.get(Role(seat.role), seat.role)]
    perform(deliverable, action or default, by=person, **inputs)


def _prepare(demo: Demo, engagement: Engagement) -> None:
    """The one to walk through.

    The terms are approved, the estimate was returned once, the programme is half agreed; the calendar plan and the
    national team are written and wait to be submitted.
    """
    _date(demo, engagement, State.PREPARATION)
    _start(demo, engagement)
    by_kind = {row.row.kind: row for row in engagement.deliverables.select_related("row")}
    coordinator, lead = demo.people["coordinator"], demo.people["contractor_lead"]
    _approve(demo, by_kind["terms_of_reference"])
    cost_estimate = by_kind["cost_estimate"]
    lines.estimate(cost_estimate, by=coordinator, is_corrected=False)
    _submit(demo, cost_estimate)
    _answer(demo, cost_estimate, "send_back", reason="Эксперттердин эмгек акысы негизделген эмес (demo)")
    lines.estimate(cost_estimate, by=coordinator, is_corrected=True)
    _submit(demo, cost_estimate)
    _answer(demo, cost_estimate)
    _submit(demo, by_kind["programme"])
    _answer(demo, by_kind["programme"])
    lines.calendar(by_kind["calendar_plan"], demo.organisations, by=lead)
    lines.national_team(by_kind["national_team"], demo.act, by=coordinator)
