"""What the acts on a recommendation write that move its state."""

from datetime import date
from hashlib import sha256
from typing import Any

from tests.workflow.effects import IN_10, IN_15, IN_20, NOW, TODAY, Owed, Row
from tests.workflow.effects.places import CAUSE, DUE, INTERIM, INTERIM_DUE, KY, MEASURES, RU, WHY
from workflow.roles import Role

DAY = str(TODAY)
NUMBER = "R-2027-00001"
REASON = {"reason": WHY}
INSTITUTION = ("rector", "officer", "controller")
HEADS = ("head", "second_head")
HEAD, OFFICER, COORDINATOR = Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER, Role.COORDINATOR
DELIVERED = f"ky: {KY}\nru: {RU}\n{CAUSE}\n2027-11-30"
WORDS = (
    "китепкананын корун толуктоо пополнить фонд библиотеки criterion 5 2"
    " resolution test 7 test 25 12 2025 3 1 uni uni uni test"
)
"""What the search of a recommendation looks into, without its number."""
PLAN = (
    "1|Order the books|Head of the library|2027-09-30\n"
    "2|Enter them in the catalogue|Cataloguer|2027-10-29"
)  # fmt: skip

ANSWER = Owed("respond", HEAD, "UNI", IN_20, 20, helper=OFFICER)
ANSWER_AGAIN = Owed("respond", HEAD, "UNI", IN_10, 10, helper=OFFICER)
REVIEW = Owed("agree_plan", COORDINATOR, "DEP", IN_10, 10, assignee="coordinator")
CLAIM = Owed("claim", HEAD, "UNI", str(DUE), helper=OFFICER)
VERIFY = Owed("confirm", COORDINATOR, "DEP", IN_20, 20, assignee="coordinator")
OPEN_TASK = {
    "draft": "issue", "issued": "respond", "disputed": "uphold", "under_review": "agree_plan",
    "in_progress": "claim", "claimed": "confirm", "verified": "close",
}  # fmt: skip
"""state -> the action that is expected in it."""


def proof_of(kind: str, name: str, topic: str, due: Any) -> Owed:
    return Owed("evidence", OFFICER, "UNI", str(due), key=f"{kind}:{name}", topic=topic, helper=HEAD)


PROOFS = (
    *(proof_of("measure", f"plan 1.{place}", one.text, one.due) for place, one in enumerate(MEASURES, 1)),
    proof_of("interim", INTERIM, INTERIM, INTERIM_DUE),
)


def answer(response: str, **values: Any) -> tuple[str, str, dict[str, Any]]:
    kept = {"recommendation": "the case", "version": 1, "response": response, "given_by": "rector", "given_at": NOW}
    return "new", "followup_responseversion", kept | values


def of_a_part(number: str) -> Any:
    """What the tables of the cases share that are shown on the page of the recommendation with this number."""
    here = {"about_type": "recommendation", "about": number}
    return {
        "owed": lambda case: {**here, "lead": "DEP", "in_charge": "coordinator", "addressed": "UNI"},
        "role_of": {"coordinator": (COORDINATOR, "DEP"), "officer": (OFFICER, "UNI")},
        "places": here,
    }


def closed(by: str, reason: str) -> dict[str, Any]:
    return {"closing_reason": reason, "closed_by": by, "closed_on": DAY}


STEPS = (
    Row(
        "issue", ["draft"], by="coordinator", to="issued",
        changes={
            "number": NUMBER,
            "issued_on": DAY,
            "delivered_sha256": sha256(DELIVERED.encode()).hexdigest(),
            "search": f"r 2027 00001 d 2027 00001 {WORDS}",
        },
        opened=[ANSWER],
        closed=["issue"],
        told={"issued": INSTITUTION},
        others=[
            ("new", "desk_numberseries", {"prefix": "R", "year": 2027, "last": 1}),
            ("new", "followup_delivery", {
                "recommendation": "the case", "event": "issue", "at": NOW, "text": DELIVERED,
                "sha256": sha256(DELIVERED.encode()).hexdigest(),
            }),
        ],
    ),
    Row(
        "respond", ["issued"], by="rector", to="under_review",
        inputs={"response": "accepted"},
        changes={"response": "accepted"},
        opened=[REVIEW],
        closed=["respond"],
        told={"answered": ["coordinator"]},
        others=[answer("accepted", plan="plan 1")],
    ),
    Row(
        "respond", ["issued:again"], by="rector", to="under_review",
        inputs={"response": "accepted"},
        changes={"response": "accepted"},
        opened=[REVIEW],
        closed=["respond"],
        told={"answered": ["coordinator"]},
        others=[answer("accepted", plan="plan 2", version=2)],
    ),
    Row(
        "respond", ["issued"], by="rector", to="under_review", variant="in part",
        inputs={"response": "partial", "text": "Gladly.", "left_out": "No periodicals."},
        changes={"response": "partial"},
        opened=[REVIEW],
        closed=["respond"],
        told={"answered": ["coordinator"]},
        others=[answer("partial", plan="plan 1", text="Gladly.", left_out="No periodicals.")],
    ),
    Row(
        "dispute", ["issued"], by="rector", to="disputed",
        inputs={**REASON, "asked": "Take it back."},
        changes={"response": "disputed"},
        opened=[Owed("uphold", Role.MINISTRY_LEADER, "MIN", IN_15, 15)],
        closed=["respond"],
        told={"disputed": ["leader", *HEADS, "coordinator"]},
        others=[answer("disputed", plan="plan 1", text=WHY, left_out="Take it back.")],
    ),
    Row(
        "uphold", ["disputed"], by="leader", to="issued",
        inputs=REASON,
        changes={"response": "awaiting"},
        opened=[ANSWER],
        closed=["uphold"],
        told={"upheld": [*INSTITUTION, "coordinator"]},
    ),
    Row(
        "agree_plan", ["under_review"], by="coordinator", to="in_progress",
        opened=[CLAIM, *PROOFS],
        closed=["agree_plan"],
        told={"plan_agreed": INSTITUTION},
        details={"plan_sha256": sha256(PLAN.encode()).hexdigest()},
        others=[("changed", "followup_plan", {
            "": "plan 1", "agreed_on": DAY, "sha256": sha256(PLAN.encode()).hexdigest(),
        })],
    ),
    Row(
        "agree_plan", ["under_review:lasting"], by="coordinator", to="in_progress",
        opened=[Owed("claim", HEAD, "UNI", "2028-05-30", 250, helper=OFFICER), *PROOFS[:2]],
        closed=["agree_plan"],
        told={"plan_agreed": INSTITUTION},
        details={"plan_sha256": sha256(PLAN.encode()).hexdigest()},
        others=[("changed", "followup_plan", {
            "": "plan 1", "agreed_on": DAY, "sha256": sha256(PLAN.encode()).hexdigest(),
        })],
    ),
    Row(
        "return_plan", ["under_review"], by="coordinator", to="issued",
        inputs=REASON,
        changes={"response": "awaiting"},
        opened=[ANSWER_AGAIN],
        closed=["agree_plan"],
        told={"plan_returned": INSTITUTION},
        others=[
            ("new", "followup_plan", {"recommendation": "the case", "version": 2}),
            *(
                ("new", "followup_measure", {
                    "plan": "plan 2", "position": place, "text": one.text, "responsible": one.responsible,
                    "due": str(one.due),
                })
                for place, one in enumerate(MEASURES, 1)
            ),
        ],
    ),
    Row(
        "claim", ["in_progress"], by="rector", to="claimed",
        inputs={"text": "All is done."},
        changes={"claimed_by": "rector", "claimed_on": DAY},
        opened=[VERIFY],
        closed=["claim"],
        told={"claimed": ["coordinator"]},
    ),
    Row(
        "claim", ["in_progress:again"], by="rector", to="claimed",
        changes={"claimed_on": DAY, "verified_degree": ""},
        opened=[VERIFY],
        closed=["claim"],
        told={"claimed": ["coordinator"]},
    ),
    *(
        Row(
            "confirm", ["claimed"], by="coordinator", to="verified", variant=degree,
            inputs={"degree": degree, "text": "Seen."},
            changes={"verified_by": "coordinator", "verified_on": DAY, "verified_degree": degree},
            opened=[Owed("close", Role.DEPARTMENT_HEAD, "DEP", IN_10, 10)],
            closed=["confirm"],
            told={"confirmed": [*HEADS, *INSTITUTION]},
        )
        for degree in ("full", "most", "some")
    ),
    Row(
        "not_confirmed", ["claimed"], by="coordinator", to="in_progress",
        inputs=REASON,
        changes={"verified_degree": "none"},
        opened=[CLAIM],
        closed=["confirm"],
        told={"not_confirmed": INSTITUTION},
    ),
    Row(
        "accept_claim", ["claimed"], by="coordinator", to="closed",
        changes={**closed("coordinator", "on_word"), "actual_date": "2027-06-10"},
        closed=["confirm"],
        told={"claim_accepted": [*INSTITUTION, *HEADS]},
    ),
    *(
        Row(
            "close", ["verified"], by="head", to="closed", variant=reason,
            inputs={"closing_reason": reason, "text": "Well done."},
            changes={**closed("head", reason), "actual_date": "2027-06-10", "effect_review_on": "2028-06-15"},
            closed=["close"],
            told={"closed": [*INSTITUTION, "coordinator"]},
        )
        for reason in ("implemented", "alternative")
    ),
    *(
        Row(
            "close_unimplemented", [state], by="leader", to="closed",
            inputs={**REASON, "risk_owner": "The rector", "risk_expires_on": date(2028, 1, 31)},
            changes={
                **closed("leader", "not_implemented"),
                "risk_reason": WHY, "risk_owner": "The rector", "risk_expires_on": "2028-01-31",
            },
            closed=[OPEN_TASK[state]],
            told={"closed_unimplemented": [*INSTITUTION, "coordinator", *HEADS]},
        )
        for state in ("in_progress", "claimed")
    ),
    *(
        Row(
            "withdraw", [place], by="leader", to="closed",
            inputs={"closing_reason": reason, **REASON},
            changes=closed("leader", reason),
            closed=[OPEN_TASK[place.partition(":")[0]], *ended],
            told={"withdrawn": [*INSTITUTION, "coordinator", *HEADS]},
        )
        for place, reason, ended in [
            *((state, "superseded", ()) for state in ("issued", "disputed", "under_review", "in_progress")),
            ("in_progress:again", "issued_in_error", ()),
            ("in_progress:bare", "superseded", [f"evidence {proof.key}" for proof in PROOFS]),
        ]
    ),
)  # fmt: skip
