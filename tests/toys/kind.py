"""What the toys bring to the desk."""

from django import forms

from cases.desk.forms import ActForm
from cases.desk.kinds import OTHER_SIDE, Kind, ListColumn, Rule, Section
from cases.ground.fields import LineField, TextField
from tests.toys.models import Note, Visit
from tests.toys.note import State as NoteState
from tests.toys.visit import State
from workflow.roles import Role


class TeamForm(ActForm):
    leader = LineField(label="Leader")
    size = forms.IntegerField(label="How many come", min_value=1)


class CloseForm(ActForm):
    summary = TextField(label="What was seen")


VISITS = Kind(
    Visit,
    path="visits",
    name_of_many="Visits",
    concerned="Contractor",
    reads=("department", "contractor", "coordinator"),
    menu_roles=frozenset({Role.COORDINATOR, Role.CONTRACTOR_EXPERT}),
    way=tuple(State),
    badges={State.PLANNED: "", State.RUNNING: "st-ok", State.CLOSED: "st-done"},
    forms={"name_team": TeamForm, "close": CloseForm},
    sections=(Section("toys/team.html"),),
    decided_on={"close": Section("toys/team.html")},
    facts=lambda visit: [("Coordinator", visit.coordinator), ("Contractor", visit.contractor or "–")],
    columns=(
        ListColumn("Title", lambda visit: visit.title, is_long=True),
        ListColumn("People", lambda visit: visit.size),
    ),
    tells=(
        Rule("start", to=(Role.CONTRACTOR_LEAD, Role.CONTRACTOR_EXPERT, Role.INSTITUTION_HEAD)),
        Rule("close", to=(Role.COORDINATOR,)),
        Rule("comment", to=(OTHER_SIDE,)),
        Rule("create", to=(Role.COORDINATOR,)),
    ),
    silent=frozenset({"name_team", "comment_internal", "document"}),
)
NOTES = Kind(
    Note,
    path="notes",
    concerned="Department",
    reads=("visit__department", "visit__contractor"),
    badges={NoteState.OPEN: "st-soon", NoteState.SETTLED: "st-done"},
    tells=(Rule("create", to=(Role.COORDINATOR,)), Rule("settle", to=(Role.CONTRACTOR_EXPERT,))),
)
