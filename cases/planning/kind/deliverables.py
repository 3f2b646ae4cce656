"""What deliverables bring to the desk."""

from django.utils.translation import gettext_lazy

from cases.desk.forms import ReasonForm
from cases.desk.kinds import Kind, ListColumn, Rule, Section
from cases.desk.rounds import route_sheets
from cases.desk.seats import SEAT_FORMS, SEAT_IS_HANDED_OVER, SEATS_SILENT
from cases.planning import lists
from cases.planning.access import DELIVERABLE_READS, get_deliverable
from cases.planning.forms.plans import AgreeForm, SendBackForm
from cases.planning.models import Deliverable
from cases.planning.sections import deliverables as sections
from workflow.lifecycles.deliverable import Action, State
from workflow.roles import CONTRACTOR, DEPARTMENT, MINISTRY, Role

CONTENTS = Section("planning/deliverable_contents.html", sections.contents)
DECISIONS = (
    Action.SUBMIT, Action.AGREE, Action.APPROVE, Action.SEND_BACK, Action.DECLINE, Action.REOPEN, Action.LEAVE_OUT,
)  # fmt: skip
READERS = gettext_lazy("The contractor, the Department and the Ministry see this")
DRAFTER = "drafter_role"
"""The property of a deliverable that says which role prepares it."""

DELIVERABLES = Kind(
    Deliverable,
    path="deliverables",
    prefixes=("E",),
    name_of_many=gettext_lazy("Deliverables"),
    concerned=gettext_lazy("Contractor"),
    reads=DELIVERABLE_READS,
    door=get_deliverable,
    menu_roles=frozenset({*MINISTRY, *DEPARTMENT, *CONTRACTOR}),
    way=(State.DRAFT, State.SUBMITTED, State.AGREED, State.APPROVED),
    badges={
        State.DRAFT: "",
        State.SUBMITTED: "st-soon",
        State.AGREED: "st-soon",
        State.APPROVED: "st-ok",
        State.LEFT_OUT: "st-done",
    },
    forms={
        **SEAT_FORMS,
        Action.AGREE: AgreeForm,
        Action.APPROVE: AgreeForm,
        Action.SEND_BACK: SendBackForm,
        Action.DECLINE: SendBackForm,
        Action.LEAVE_OUT: ReasonForm,
        Action.REOPEN: ReasonForm,
    },
    decided_on=dict.fromkeys(DECISIONS, CONTENTS),
    facts=sections.facts,
    sections=(CONTENTS, Section("desk/rounds.html", route_sheets)),
    filters=lists.DELIVERABLE_FILTERS,
    views=lists.DELIVERABLE_VIEWS,
    orders=lists.DELIVERABLE_ORDERS,
    columns=(
        ListColumn(gettext_lazy("Deliverable"), lambda case: case.title, is_long=True),
        ListColumn(gettext_lazy("Monitoring"), lambda case: case.engagement.title, is_long=True),
        ListColumn(gettext_lazy("Stage"), lambda case: case.get_stage_display()),
        ListColumn(gettext_lazy("Prepared by"), lambda case: case.who_drafts()),
        ListColumn(gettext_lazy("Due"), lambda case: case.due),
        ListColumn(gettext_lazy("Days late"), lists.deliverable_days_late),
    ),
    tells=(
        Rule(Action.SUBMIT, to=("newly_asked",)),
        Rule(Action.AGREE, to=("newly_asked", DRAFTER)),
        Rule(Action.APPROVE, to=(DRAFTER, Role.COORDINATOR)),
        Rule(Action.SEND_BACK, to=(DRAFTER, Role.COORDINATOR)),
        Rule(Action.DECLINE, to=(DRAFTER, Role.COORDINATOR)),
        Rule(Action.RECALL, to=(Role.COORDINATOR, Role.DEPARTMENT_HEAD)),
        Rule(Action.LEAVE_OUT, to=(DRAFTER, Role.COORDINATOR), only_own=True),
        Rule(Action.REOPEN, to=(DRAFTER, Role.COORDINATOR), only_own=True),
        Rule(Action.NAME_EXPERT, to=("expert_named",), template="expert_named", only_own=True),
        Rule(Action.NAME_REVIEWERS, to=("reviewers_named",), template="reviewer_named", only_own=True),
        Rule(Action.NAME_REVIEWERS, to=("reviewers_released",), template="reviewer_released", only_own=True),
        Rule(Action.MOVE_DUE, to=(DRAFTER,)),
        Rule(Action.COMMENT, to=(DRAFTER, Role.COORDINATOR)),
        SEAT_IS_HANDED_OVER,
    ),
    silent=SEATS_SILENT | {
        Action.CREATE, Action.WRITE, Action.ATTACH, Action.DETACH, Action.ATTACH_SCAN, Action.ITEMISE,
        Action.FOLLOW,
    },
    list_links=sections.list_links,
    signed=sections.signed,
    audience=READERS,
    readers=READERS,
)  # fmt: skip
