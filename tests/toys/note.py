"""The lifecycle of a note on a visit (toy): written by the expert, settled by the department."""

from django.db.models import TextChoices
from django_fsm import FSMField

from workflow.case import Case
from workflow.declarations import Expect, Verb, transition
from workflow.parties import Column, Parties
from workflow.roles import CONTRACTOR, DEPARTMENT, Role, by


class State(TextChoices):
    OPEN = "open", "Open"
    SETTLED = "settled", "Settled"


class Action(TextChoices):
    CREATE = "create", "Write a note"
    SETTLE = "settle", "Settle the note"


class NoteLifecycle(Case):
    CASE_TYPE = "note"
    STATES = State
    INITIAL = State.OPEN
    ACTIONS = Action
    ABOUT = "visit"
    PARTIES = Parties("visit__department_id", assignees={Role.COORDINATOR: "visit__coordinator_id"})
    RELATIONS = {
        Role.MINISTRY_LEADER: Column("visit__department__parent_id"),
        **dict.fromkeys(DEPARTMENT, Column("visit__department_id")),
        **dict.fromkeys(CONTRACTOR, Column("visit__contractor_id")),
    }
    ACCESS = {state: by(Role.MINISTRY_LEADER, *DEPARTMENT, *CONTRACTOR) for state in State}
    EXPECTS = {State.OPEN: Expect("settle", Role.COORDINATOR, days=3)}
    CREATE = Verb(by(Role.CONTRACTOR_EXPERT), [State.OPEN])
    state = FSMField(max_length=30, choices=State.choices, default=State.OPEN, protected=True)

    class Meta:
        abstract = True

    @transition(State.OPEN, State.SETTLED, permission=by(Role.COORDINATOR), meaning="The note needs no more work.")
    def settle(self) -> None:
        """Nothing more is to be done."""
