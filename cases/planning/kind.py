"""What the kinds of cases of planning bring to the desk."""

from django.utils.translation import gettext_lazy

from cases.desk.kinds import Kind, ListColumn, Rule, Section
from cases.desk.rounds import route_sheets
from cases.planning import sections
from cases.planning.access import READS
from cases.planning.forms import plans as forms
from cases.planning.models import PlanSchedule
from workflow.lifecycles.plan_schedule import Action, State
from workflow.roles import DEPARTMENT, INSTITUTION, MINISTRY, Role

PLAN_ITEMS = Section("planning/plan_items.html", sections.items)
DECISIONS = (Action.SUBMIT, Action.AGREE, Action.APPROVE, Action.SEND_BACK, Action.DECLINE)
PLAN_SCHEDULES = Kind(
    PlanSchedule,
    path="plans",
    name_of_many=gettext_lazy("Plan-schedules"),
    concerned=gettext_lazy("Department"),
    reads=READS,
    menu_roles=frozenset({*MINISTRY, *DEPARTMENT, *INSTITUTION}),
    way=tuple(state for state in State if state != State.SUPERSEDED),
    badges={
        State.DRAFT: "",
        State.SUBMITTED: "st-soon",
        State.AGREED: "st-soon",
        State.APPROVED: "st-ok",
        State.IN_FORCE: "st-ok",
        State.SUPERSEDED: "st-done",
    },
    forms={
        Action.AGREE: forms.AgreeForm,
        Action.APPROVE: forms.ApproveForm,
        Action.SEND_BACK: forms.SendBackForm,
        Action.DECLINE: forms.SendBackForm,
    },
    decided_on=dict.fromkeys(DECISIONS, PLAN_ITEMS),
    facts=sections.facts,
    sections=(PLAN_ITEMS, Section("desk/rounds.html", route_sheets)),
    columns=(
        ListColumn(gettext_lazy("Title"), lambda plan: plan.title, is_long=True),
        ListColumn(gettext_lazy("Period"), lambda plan: plan.years),
        ListColumn(gettext_lazy("Department"), lambda plan: plan.department.short_name or plan.department),
        ListColumn(gettext_lazy("In force since"), lambda plan: plan.in_force_on),
    ),
    tells=(
        Rule(Action.SUBMIT, to=(Role.DEPARTMENT_HEAD, Role.MINISTRY_LEADER)),
        Rule(Action.AGREE, to=(Role.COORDINATOR, Role.MINISTRY_LEADER)),
        Rule(Action.APPROVE, to=(Role.COORDINATOR, Role.DEPARTMENT_HEAD)),
        Rule(Action.SEND_BACK, to=(Role.COORDINATOR, Role.DEPARTMENT_HEAD)),
        Rule(Action.DECLINE, to=(Role.COORDINATOR, Role.DEPARTMENT_HEAD)),
        Rule(Action.RECALL, to=(Role.DEPARTMENT_HEAD,)),
        Rule(Action.PUT_IN_FORCE, to=(*DEPARTMENT, Role.MINISTRY_LEADER, *INSTITUTION)),
        Rule(Action.COMMENT_INTERNAL, to=(Role.COORDINATOR,)),
    ),
    silent=frozenset({Action.CREATE, Action.EDIT, Action.SUPERSEDE, Action.DOCUMENT}),
    list_links=sections.list_links,
    readers=gettext_lazy("The Department and the Ministry see this"),
)
