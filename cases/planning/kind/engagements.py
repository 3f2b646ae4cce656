"""What engagements bring to the desk."""

from django.utils.translation import gettext_lazy

from cases.desk.kinds import ASSIGNED, InboxPart, Kind, ListColumn, Rule, Section, Tab, whole_page
from cases.planning import lists
from cases.planning.access import ENGAGEMENT_READS, get_engagement
from cases.planning.forms import engagements as forms
from cases.planning.models import Engagement
from cases.planning.sections import engagements as sections
from cases.planning.sections import proposals
from cases.planning.sections.calendars import calendar_of
from cases.planning.sections.inbox import running
from cases.planning.sections.people import people
from workflow.lifecycles.engagement import OPEN, STAGES, Action, State
from workflow.roles import CONTRACTOR, DEPARTMENT, INSTITUTION, MINISTRY, Role

STAGE_WORK = Section("planning/engagement_stages.html", sections.stages)
PEOPLE = Section("planning/engagement_people.html", people)
BEGINNINGS = (
    Action.START, Action.CONCLUDE_CONTRACT, Action.BEGIN_COLLECTION, Action.BEGIN_ANALYSIS, Action.BEGIN_CONCLUSIONS,
    Action.BEGIN_REPORTING, Action.SEND_BACK, Action.SUSPEND,
)  # fmt: skip
ENDINGS = (Action.RESUME, Action.PUBLISH, Action.CLOSE, Action.CANCEL)
"""Decided by the whole page: findings, recommendations and, of one that rests, why it does."""
READERS = gettext_lazy("All who see this monitoring read it: Ministry, Department, contractor and institutions")
PARTNERS = (Role.COORDINATOR, Role.DEPARTMENT_HEAD, Role.CONTRACTOR_LEAD)
EXPERTS = "experts_asked"
"""The property of an engagement that says whether experts prepare something in its stage."""
BEGUN = "stage_begun"
"""The template that lists what the act asks of the reader."""

ENGAGEMENTS = Kind(
    Engagement,
    path="engagements",
    prefixes=("E",),
    name_of_many=gettext_lazy("Monitorings"),
    concerned=gettext_lazy("Contractor"),
    reads=ENGAGEMENT_READS,
    door=get_engagement,
    menu_roles=frozenset({*MINISTRY, *DEPARTMENT, *CONTRACTOR, *INSTITUTION}),
    way=(State.PLANNED, *STAGES, State.CLOSED),
    badges={
        **dict.fromkeys(OPEN, "st-ok"),
        State.PLANNED: "",
        State.CLOSED: "st-done",
        State.CANCELLED: "st-overdue",
    },
    forms={
        Action.CONCLUDE_CONTRACT: forms.ContractForm,
        Action.PUBLISH: forms.PublishForm,
        Action.SEND_BACK: forms.ReturnForm,
        Action.SUSPEND: forms.SuspendForm,
        Action.CANCEL: forms.CancelForm,
    },
    decided_on={**dict.fromkeys(BEGINNINGS, STAGE_WORK), **dict.fromkeys(ENDINGS, whole_page())},
    facts=sections.facts,
    sections=(
        Section("planning/engagement_banner.html", sections.banner),
        STAGE_WORK,
        Section("planning/engagement_related.html", sections.related),
        Section("planning/engagement_proposals.html", proposals.of_engagement),
    ),
    tabs=(
        Tab("calendar", gettext_lazy("Calendar"), [Section("planning/engagement_calendar.html", calendar_of)]),
        Tab("institutions", gettext_lazy("Institutions")),
        Tab("people", gettext_lazy("People and contract"), [PEOPLE], sections.is_partner),
    ),
    step_dates=sections.step_dates,
    filters=lists.ENGAGEMENT_FILTERS,
    views=lists.ENGAGEMENT_VIEWS,
    orders=lists.ENGAGEMENT_ORDERS,
    computed=lists.with_term,
    search=lists.matching,
    columns=(
        ListColumn(gettext_lazy("Title"), lambda case: case.title, is_long=True),
        ListColumn(gettext_lazy("Kind"), lambda case: case.get_kind_display()),
        ListColumn(gettext_lazy("Coordinator"), lambda case: case.coordinator),
        ListColumn(gettext_lazy("Contractor"), lambda case: case.contractor and case.concerned_briefly),
        ListColumn(gettext_lazy("Term of the stage"), lambda case: vars(case)["term"]),
        ListColumn(gettext_lazy("Days late"), lists.days_late),
        ListColumn(gettext_lazy("Suspended since"), lambda case: case.suspended_on, is_shown=False),
        ListColumn(gettext_lazy("Report published"), lambda case: case.published_on, is_shown=False),
    ),
    tells=(
        Rule(Action.ASSIGN, to=(ASSIGNED,), template="assigned"),
        Rule(Action.START, to=(*DEPARTMENT, Role.MINISTRY_LEADER), template=BEGUN),
        Rule(Action.CONCLUDE_CONTRACT, to=PARTNERS, template=BEGUN),
        Rule(Action.BEGIN_COLLECTION, to=(*PARTNERS, EXPERTS), template=BEGUN),
        Rule(Action.BEGIN_COLLECTION, to=INSTITUTION),
        Rule(Action.BEGIN_ANALYSIS, to=(*PARTNERS, EXPERTS), template=BEGUN),
        Rule(Action.BEGIN_CONCLUSIONS, to=(*PARTNERS, EXPERTS), template=BEGUN),
        Rule(Action.BEGIN_REPORTING, to=(*PARTNERS, EXPERTS, Role.MINISTRY_LEADER), template=BEGUN),
        Rule(Action.PUBLISH, to=(*PARTNERS, EXPERTS), template=BEGUN),
        Rule(Action.PUBLISH, to=INSTITUTION),
        Rule(Action.CLOSE, to=(*PARTNERS, Role.MINISTRY_LEADER)),
        Rule(Action.SEND_BACK, to=(*PARTNERS, EXPERTS, Role.MINISTRY_LEADER), template=BEGUN),
        Rule(Action.SUSPEND, to=(*PARTNERS, EXPERTS, Role.MINISTRY_LEADER)),
        Rule(Action.RESUME, to=(*PARTNERS, EXPERTS, Role.MINISTRY_LEADER), template=BEGUN),
        Rule(Action.CANCEL, to=(*PARTNERS, "institutions_involved")),
        Rule(Action.GIVE_ACCESS, to=("expert_meant",), template="access_given"),
        Rule(Action.WITHDRAW_ACCESS, to=("expert_meant",), template="access_withdrawn"),
        Rule(Action.WITHDRAW_ACCESS, to=(Role.CONTRACTOR_LEAD,)),
        Rule(Action.COMMENT, to=PARTNERS),
        Rule(Action.COMMENT_INTERNAL, to=DEPARTMENT),
    ),
    silent=frozenset({Action.CREATE, Action.EDIT, Action.SET_DATES, Action.DOCUMENT}),
    list_links=sections.list_links,
    inbox_part=InboxPart("planning/running.html", frozenset(CONTRACTOR), running),
    audience=READERS,
    readers=READERS,
)  # fmt: skip
