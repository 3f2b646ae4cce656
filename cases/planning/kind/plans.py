"""What plan-schedules bring to the desk."""

from django.utils.translation import gettext_lazy

from cases.desk.kinds import ASSIGNED, ClockAct, Kind, ListColumn, Rule, Section
from cases.desk.rounds import route_sheets
from cases.desk.seats import SEAT_FORMS, SEAT_IS_HANDED_OVER, SEATS_SILENT
from cases.planning.access import READS
from cases.planning.forms import plans as forms
from cases.planning.models import PlanSchedule
from cases.planning.sections import plans as sections
from cases.planning.sections import proposals
from cases.planning.verbs import owed
from workflow.lifecycles.plan_schedule import Action, State
from workflow.roles import DEPARTMENT, INSTITUTION, MINISTRY, Role

PLAN_ITEMS = Section("planning/plan_items.html", sections.items)
DECISIONS = (*PlanSchedule.transitions(), Action.TAKE, Action.GIVE_BACK, Action.HAND_OVER)
"""Acts that are decided on what the plan-schedule says, so that their pages show it."""
PLAN_SCHEDULES = Kind(
    PlanSchedule,
    path="plans",
    prefixes=("P",),
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
        **SEAT_FORMS,
        Action.AGREE: forms.AgreeForm,
        Action.APPROVE: forms.ApproveForm,
        Action.SEND_BACK: forms.SendBackForm,
        Action.DECLINE: forms.SendBackForm,
    },
    decided_on=dict.fromkeys(DECISIONS, PLAN_ITEMS),
    facts=sections.facts,
    sections=(
        PLAN_ITEMS,
        Section("planning/plan_proposals.html", proposals.of_plan),
        Section("desk/rounds.html", route_sheets),
    ),
    columns=(
        ListColumn(gettext_lazy("Title"), lambda plan: plan.title, is_long=True),
        ListColumn(gettext_lazy("Period"), lambda plan: plan.years),
        ListColumn(gettext_lazy("Department"), lambda plan: plan.department.short_name or plan.department),
        ListColumn(gettext_lazy("In force since"), lambda plan: plan.in_force_on),
    ),
    tells=(
        Rule(Action.ASSIGN, to=(ASSIGNED,), template="assigned"),
        Rule(Action.SUBMIT, to=("newly_asked",)),
        Rule(Action.AGREE, to=("newly_asked", Role.COORDINATOR)),
        Rule(Action.APPROVE, to=(Role.COORDINATOR, Role.DEPARTMENT_HEAD)),
        Rule(Action.SEND_BACK, to=(Role.COORDINATOR, Role.DEPARTMENT_HEAD)),
        Rule(Action.DECLINE, to=(Role.COORDINATOR, Role.DEPARTMENT_HEAD)),
        Rule(Action.RECALL, to=(Role.DEPARTMENT_HEAD,)),
        Rule(Action.PUT_IN_FORCE, to=(*DEPARTMENT, Role.MINISTRY_LEADER, *INSTITUTION)),
        Rule(Action.COMMENT_INTERNAL, to=(Role.COORDINATOR,)),
        SEAT_IS_HANDED_OVER,
    ),
    silent=frozenset(
        {
            Action.CREATE,
            Action.EDIT,
            Action.WEIGH,
            Action.BEGIN_ITEM,
            Action.DRAFT_NEXT,
            Action.FALL_DUE,
            Action.SUPERSEDE,
            Action.DOCUMENT,
        }
    )
    | SEATS_SILENT,
    clock=(ClockAct(Action.FALL_DUE, due=owed.with_work_ahead, do=owed.let_fall_due),),
    list_links=sections.list_links,
    readers=gettext_lazy("The Department and the Ministry see this"),
)
