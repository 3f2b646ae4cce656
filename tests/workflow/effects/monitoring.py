"""What an act on a monitoring writes on its deliverables, and the names that its tables share."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.workflow.effects import CALENDAR, IN_5, IN_20, NOW, TODAY, Owed
from tests.workflow.effects.places import WHY
from workflow.lifecycles.engagement import STAGES, State
from workflow.roles import Role

NUMBER = "E-2027-00001"
HEADS = ("head", "second_head")
TO_ALL = ("coordinator", "second_head", "lead", "leader")
PARTNERS = ("coordinator", *HEADS, "lead")
EXPERTS_OF = {"conclusions": ["expert"]}
"""stage -> who of the experts hears of it: only conclusions are asked of experts here."""
AUGUST = date(2027, 8, 2)
ENDS = {stage: f"2099-0{place}-25" for place, stage in enumerate(STAGES, 1)}
ROLES = {
    "coordinator": (Role.COORDINATOR, "DEP"),
    "head": (Role.DEPARTMENT_HEAD, "DEP"),
    "leader": (Role.MINISTRY_LEADER, "MIN"),
    "lead": (Role.CONTRACTOR_LEAD, "CON"),
}
Lines = Iterator[tuple[str, str, dict[str, Any]]]


def asked(
    place: int, kind: str, stage: str, drafter: tuple[str, str], due: str, *, of: str, by: str, direction: int = 0
) -> Lines:
    """A deliverable that is asked for, as a consequence of an act."""
    number = f"{NUMBER}-{place:02d}"
    yield "new", "planning_deliverable", _filled(
        number=number, version=1, state="draft", engagement="the case", stage=stage, row=kind, direction=direction,
        drafter_role=drafter[0], is_required=kind != "international_comparison", asked_on=str(TODAY), due=due,
    )  # fmt: skip
    yield from followed(place, "create", of=of, by=by, version=1, due=due)
    yield owes(place, drafter, due, by="create", addressed="" if of == "start" else "CON")


def followed(
    place: int,
    action: str,
    *,
    of: str,
    by: str,
    version: int,
    states: tuple[str, str] = ("draft", "draft"),
    **more: Any,
) -> Lines:
    """The event of a consequence on a deliverable."""
    number, (role, organisation) = f"{NUMBER}-{place:02d}", ROLES[by]
    yield "new", "workflow_event", {
        "subject_type": "deliverable", "subject": number, "number": number, "action": action, "source": states[0],
        "target": states[1], "version": version, "actor": by, "role": role, "organisation": organisation,
        "membership": f"{by} as {role}", "ministry": "MIN", "at": NOW,
    }  # fmt: skip
    yield "new", "workflow_eventdetails", {"event": f"{action} {place:02d}", "text": {**more, "because_of": of}}


def owes(
    place: int, drafter: tuple[str, str], due: str, *, by: str, days: int = 0, addressed: str = "CON"
) -> tuple[str, str, dict[str, Any]]:
    """What is then expected of who prepares it."""
    number, (role, organisation) = f"{NUMBER}-{place:02d}", drafter
    return "new", "workflow_expectation", _filled(
        subject_type="deliverable", subject=number, about_type="deliverable", about=number, number=number,
        state="draft", action="submit", role=role, organisation=organisation, lead="DEP", in_charge="coordinator",
        ministry="MIN", start=str(TODAY), due=due, days=days, calendar=CALENDAR, opened_at=NOW,
        opened_by=f"{by} {place:02d}", addressed=addressed,
        assignee="coordinator" if role == Role.COORDINATOR else "",
    )  # fmt: skip


def owes_no_more(place: int, by: str) -> tuple[str, str, dict[str, Any]]:
    label = f"{place:02d}"
    return "changed", "workflow_expectation", {
        "": f"submit {label}", "closed_at": NOW, "closed_by": f"{by} {label}",
    }  # fmt: skip


def version_of(place: int, version: int, **columns: Any) -> tuple[str, str, dict[str, Any]]:
    return "changed", "planning_deliverable", {"": f"{NUMBER}-{place:02d}", **columns, "version": version}


def rests(stage: str) -> Lines:
    """What is open in a stage expects nothing while the monitoring is suspended."""
    for place, _drafter, _due in OPEN_AT[stage]:
        yield version_of(place, 2)
        yield from followed(place, "follow", of="suspend", by="head", version=2)
        yield owes_no_more(place, "follow")


def goes_on_again(stage: str) -> Lines:
    for place, drafter, due in OPEN_AT[stage]:
        yield version_of(place, 3)
        yield from followed(place, "follow", of="resume", by="head", version=3)
        yield owes(place, drafter, due, by="follow")


def reopened(place: int, version: int, drafter: tuple[str, str]) -> Lines:
    yield version_of(place, version, state="draft")
    yield from followed(
        place,
        "reopen",
        of="send_back",
        by="head",
        version=version,
        states=("approved", "draft"),
        inputs={"reason": WHY},
    )
    yield owes(place, drafter, IN_5, by="reopen", days=5)


def dropped(stage: str) -> Lines:
    """What is open in a stage is left out when the monitoring ends."""
    for place, _drafter, _due in OPEN_AT.get(stage, ()):
        yield version_of(place, 2, state="left_out", left_out_reason=WHY)
        yield from followed(
            place, "leave_out", of="cancel", by="leader", version=2, states=("draft", "left_out"),
            inputs={"reason": WHY}, changes={"left_out_reason": WHY},
        )  # fmt: skip
        yield owes_no_more(place, "leave_out")


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def stage_of(name: str, **values: Any) -> tuple[str, str, dict[str, Any]]:
    return "changed", "planning_stagedate", {"": name, **values}


def began(stage: str, ended: str = "") -> Lines:
    if ended:
        yield stage_of(ended, ended_on=str(TODAY))
    if stage:
        yield stage_of(stage, started_on=str(TODAY))


def goes_on(action: str, stage: str, role: str = Role.COORDINATOR, organisation: str = "DEP") -> Owed:
    assignee = "coordinator" if role == Role.COORDINATOR else ""
    return Owed(action, role, organisation, ENDS[State(stage)], assignee=assignee)


COORDINATOR, LEAD, EXPERT = (
    (Role.COORDINATOR, "DEP"), (Role.CONTRACTOR_LEAD, "CON"), (Role.CONTRACTOR_EXPERT, "CON"),
)  # fmt: skip
OPEN_AT = {
    "preparation": [(2, LEAD, IN_20)],
    "collection": [(3, COORDINATOR, ENDS[State.COLLECTION])],
    "analysis": [(4, LEAD, ENDS[State.ANALYSIS])],
    "conclusions": [
        (5, EXPERT, ENDS[State.CONCLUSIONS]),
        (6, EXPERT, ENDS[State.CONCLUSIONS]),
        (7, COORDINATOR, ENDS[State.CONCLUSIONS]),
    ],
    "reporting": [(8, COORDINATOR, ENDS[State.REPORTING])],
    "follow_up": [(9, COORDINATOR, ENDS[State.FOLLOW_UP])],
}
"""stage -> what is still to be delivered in it: the place, who prepares it, and the due date."""
NEXT = {
    "planned": goes_on("start", "preparation"),
    "preparation": goes_on("begin_collection", "preparation"),
    "collection": goes_on("begin_analysis", "collection"),
    "analysis": goes_on("begin_conclusions", "analysis"),
    "conclusions": goes_on("begin_reporting", "conclusions"),
    "reporting": goes_on("publish", "reporting", Role.MINISTRY_LEADER, "MIN"),
    "follow_up": goes_on("close", "follow_up", Role.DEPARTMENT_HEAD),
}
"""state -> what is expected of whom."""
