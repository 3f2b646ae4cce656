"""What drafting, translating and drafting a successor write."""

from dataclasses import replace
from typing import Any

from cases.followup.verbs import draft_recommendation, draft_successor, edit_draft, translate
from tests.workflow.effects import CALENDAR, IN_10, NOW, TODAY, Owed, Row, Scene, messages
from tests.workflow.effects.places import CAUSE, DUE, INTERIM, INTERIM_DUE, KY, RU, new_draft
from tests.workflow.effects.recommendations import COORDINATOR, OPEN_TASK, WORDS

NEW_RU = "Закупить книги."
NEW_WORDS = WORDS.replace("пополнить фонд библиотеки", "закупить книги")
ISSUE = Owed("issue", COORDINATOR, "DEP", IN_10, 10, assignee="coordinator")


def _create(scene: Scene) -> None:
    scene.case = draft_recommendation(new_draft(scene.cast), by=scene.cast.coordinator)


def _edit(scene: Scene) -> None:
    draft = replace(
        new_draft(scene.cast, text=NEW_RU), is_priority=True, contributors=["Rectorate"], interim=[(DUE, "All books")]
    )
    edit_draft(scene.case, draft, by=scene.cast.coordinator, version=scene.version)


def _hand_on(scene: Scene) -> None:
    draft = new_draft(scene.cast, coordinator=scene.cast.second_coordinator)
    edit_draft(scene.case, draft, by=scene.cast.coordinator, version=scene.version)


def _text(language: str, version: int, text: str) -> tuple[str, str, dict[str, Any]]:
    kept = {"recommendation": "the case", "language": language, "version": version, "text": text, "is_checked": True}
    return "new", "followup_recommendationtext", {**kept, "written_by": "coordinator", "written_at": NOW}


def _contents(number: str) -> dict[str, Any]:
    """The columns of a draft, as it was filled in."""
    return {
        "number": number, "draft_number": number, "version": 1, "state": "draft", "ministry": "MIN",
        "department": "DEP", "institution": "UNI", "coordinator": "coordinator", "source": "7 (test)", "item": "3.1",
        "cause": CAUSE, "classification": "improvement", "risk": "medium", "authoritative_language": "ky",
        "watcher": "controller", "response": "awaiting", "first_due": str(DUE), "current_due": str(DUE),
        "created_at": NOW,
    }  # fmt: skip


CREATED = {
    "text": {"ky": KY, "ru": RU},
    "institution": "UNI", "source": "7 (test)", "item": "3.1", "cause": CAUSE, "classification": "improvement",
    "risk": "medium", "authoritative_language": "ky", "coordinator": "coordinator", "watcher": "controller",
    "first_due": str(DUE), "current_due": str(DUE), "contributors": "Accounts",
    "interim_deadlines": f"16.08.2027 {INTERIM}",
}  # fmt: skip


SECOND = "D-2027-00002"
BY_COORDINATOR = {
    "actor": "coordinator", "role": COORDINATOR, "organisation": "DEP",
    "membership": f"coordinator as {COORDINATOR}",
}  # fmt: skip


def following(*, by_clock: bool = False) -> list[tuple[str, str, dict[str, Any]]]:
    """A successor as it is drafted by the coordinator, or by nobody because a date has come."""
    written = {"recommendation": SECOND, **({"written_by": ""} if by_clock else {})}
    texts = [(what, table, {**values, **written}) for what, table, values in (_text("ky", 1, KY), _text("ru", 1, RU))]
    contents = {name: value for name, value in CREATED.items() if name != "interim_deadlines"}
    return [
        *FOLLOWING,
        *((what, table, {name: value for name, value in values.items() if value}) for what, table, values in texts),
        ("new", "workflow_event", {
            "subject_type": "recommendation", "subject": SECOND, "number": SECOND, "action": "create",
            "source": "draft", "target": "draft", "version": 1, "ministry": "MIN", "at": NOW,
            **({} if by_clock else BY_COORDINATOR),
        }),
        ("new", "workflow_eventdetails", {"event": "create", "text": {
            **contents, "predecessor": "the case", **({"because_of": "expire"} if by_clock else {}),
        }}),
        *(messages("create", "assigned", "coordinator") if by_clock else ()),
    ]  # fmt: skip


FOLLOWING: list[tuple[str, str, dict[str, Any]]] = [
    ("changed", "desk_numberseries", {"": "D", "last": 2}),
    ("new", "followup_recommendation", {
        **_contents(SECOND), "predecessor": "the case", "search": f"d 2027 00002 {WORDS}",
    }),
    ("new", "followup_contributor", {"recommendation": SECOND, "name": "Accounts"}),
    ("new", "workflow_expectation", {
        "subject_type": "recommendation", "subject": SECOND, "number": SECOND, "about_type": "recommendation",
        "about": SECOND, "state": "draft", "action": "issue", "role": COORDINATOR, "organisation": "DEP",
        "ministry": "MIN", "lead": "DEP", "assignee": "coordinator", "in_charge": "coordinator",
        "start": str(TODAY), "days": 10, "due": IN_10, "calendar": CALENDAR, "opened_at": NOW, "opened_by": "create",
    }),
]  # fmt: skip

PARTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("followup_contributor", {"recommendation": "the case", "name": "Accounts"}),
    ("followup_interimdeadline", {"recommendation": "the case", "due": str(INTERIM_DUE), "topic": INTERIM}),
)
"""Rows that belong to a draft and are written anew by every edit."""

DRAFTING = (
    Row(
        "create", [""], by="coordinator", to="draft",
        opened=[ISSUE],
        details=CREATED,
        others=[
            ("new", "followup_recommendation", {**_contents("D-2027-00001"), "search": f"d 2027 00001 {WORDS}"}),
            ("new", "desk_numberseries", {"prefix": "D", "year": 2027, "last": 1}),
            _text("ky", 1, KY),
            _text("ru", 1, RU),
            *(("new", *part) for part in PARTS),
        ],
        do=_create,
    ),
    Row(
        "edit", ["draft"], by="coordinator",
        changes={"is_priority": True, "search": f"d 2027 00001 {NEW_WORDS}"},
        details={
            "text": {"ru": [RU, NEW_RU]},
            "contributors": {"": ["Accounts", "Rectorate"]},
            "interim_deadlines": {"": [f"16.08.2027 {INTERIM}", "30.11.2027 All books"]},
        },
        others=[
            _text("ru", 2, NEW_RU),
            *(("gone", *part) for part in PARTS),
            ("new", "followup_contributor", {"recommendation": "the case", "name": "Rectorate"}),
            ("new", "followup_interimdeadline", {
                "recommendation": "the case", "due": str(DUE), "topic": "All books",
            }),
        ],
        do=_edit,
    ),
    Row(
        "edit", ["draft"], by="coordinator", variant="by which another coordinator is put in charge",
        others=[(what, *part) for what in ("gone", "new") for part in PARTS],
        do=_hand_on,
        then=Row(
            "assign", ["draft"], by="coordinator",
            changes={"coordinator": "second_coordinator"},
            told={"assigned": ["second_coordinator"]},
            details={"because_of": "edit"},
            others=[("changed", "workflow_expectation", {
                "": "issue", "assignee": "second_coordinator", "in_charge": "second_coordinator",
            })],
        ),
    ),
    *(
        Row(
            "translate", [state], by="coordinator",
            changes={"search": f"{'d' if state == 'draft' else 'r'} 2027 00001 {NEW_WORDS}"},
            details={"text": {"ru": [RU, NEW_RU]}},
            others=[_text("ru", 2, NEW_RU)],
            do=lambda scene: translate(scene.case, "ru", NEW_RU, by=scene.cast.coordinator, is_checked=True),
        )
        for state in OPEN_TASK
    ),
    Row(
        "succeed", ["closed"], by="coordinator",
        details={"successor": SECOND},
        others=following(),
        do=lambda scene: draft_successor(scene.case, by=scene.cast.coordinator),
    ),
)  # fmt: skip
