"""What the acts on a request for more time write, on the recommendation as well."""

from typing import Any

from cases.followup.models import Extension
from cases.followup.verbs import request_extension
from tests.workflow.effects import CALENDAR, IN_10, NOW, TODAY, Effects, Owed, Row, Scene
from tests.workflow.effects.places import DUE, UNTIL, WHY, extension_at
from tests.workflow.effects.recommendations import COORDINATOR, HEAD, INSTITUTION, NUMBER, OFFICER, REASON, of_a_part
from workflow.roles import Role

REQUEST = f"{NUMBER}-E1"
GRANT = Owed("grant", COORDINATOR, "DEP", IN_10, 10, assignee="coordinator")
VERSION = 8
"""Of the recommendation, before it is asked for more time."""


def about(name: str, action: str, by: str, role: str, organisation: str) -> dict[str, Any]:
    """An event on the recommendation that goes with one on the request; `name` is what the table calls it."""
    return {
        "subject_type": "recommendation", "subject": name, "number": NUMBER, "action": action,
        "source": "in_progress", "target": "in_progress", "actor": by, "role": role, "organisation": organisation,
        "membership": f"{by} as {role}", "ministry": "MIN", "at": NOW,
    }  # fmt: skip


def _ask(scene: Scene) -> None:
    scene.case = request_extension(scene.case.recommendation, until=UNTIL, reason=f" {WHY} ", by=scene.cast.officer)


def _decision(action: str, to: str, template: str, inputs: dict[str, Any], decision: str, *others: Any) -> Row:
    return Row(
        action, ["requested"], by="coordinator", to=to, inputs=inputs,
        changes={"decided_by": "coordinator", "decided_on": str(TODAY), "decision": decision},
        closed=["grant"],
        told={template: INSTITUTION},
        others=others,
    )  # fmt: skip


MOVED = {"current_due": str(UNTIL), "slips": 1, "slip_days": 30}

EXTENSIONS = Effects(
    Extension,
    extension_at,
    **of_a_part(NUMBER),
    rows=(
        Row(
            "create", [""], by="officer", to="requested",
            opened=[GRANT],
            told={"extension_requested": ["coordinator"]},
            details={"until": str(UNTIL), "reason": WHY},
            others=[
                ("new", "followup_extension", {
                    "number": REQUEST, "version": 1, "state": "requested", "recommendation": NUMBER,
                    "until": str(UNTIL), "due_before": str(DUE), "reason": WHY, "level": Role.COORDINATOR,
                    "requested_by": "officer", "requested_at": NOW,
                }),
                ("changed", "followup_recommendation", {"": NUMBER, "version": VERSION + 1}),
                ("new", "workflow_event", {
                    **about(NUMBER, "extend", "officer", OFFICER, "UNI"), "version": VERSION + 1,
                }),
                ("new", "workflow_eventdetails", {"event": "extend", "text": {"extension": REQUEST}}),
            ],
            do=_ask,
        ),
        _decision(
            "grant", "granted", "extension_granted", {"text": "Once."}, "Once.",
            ("changed", "followup_recommendation", {"": NUMBER, "version": VERSION + 2, **MOVED}),
            ("new", "workflow_event", {
                **about(NUMBER, "move_due", "coordinator", COORDINATOR, "DEP"), "version": VERSION + 2,
            }),
            ("new", "workflow_eventdetails", {
                "event": "move_due", "text": {"because_of": "grant", "extension": REQUEST, "changes": MOVED},
            }),
            ("changed", "workflow_expectation", {"": "claim", "closed_at": NOW, "closed_by": "move_due"}),
            ("new", "workflow_expectation", {
                "subject_type": "recommendation", "subject": NUMBER, "about_type": "recommendation", "about": NUMBER,
                "number": NUMBER, "state": "in_progress", "action": "claim", "role": HEAD, "helper_role": OFFICER,
                "organisation": "UNI", "ministry": "MIN", "lead": "DEP", "addressed": "UNI",
                "in_charge": "coordinator", "start": str(TODAY), "calendar": CALENDAR, "due": str(UNTIL),
                "opened_at": NOW, "opened_by": "move_due",
            }),
        ),
        _decision("refuse", "refused", "extension_refused", REASON, WHY),
        _decision("return_request", "returned", "extension_returned", REASON, WHY),
    ),
)  # fmt: skip
