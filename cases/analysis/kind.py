"""What findings bring to the desk."""

from django.utils.translation import gettext_lazy

from cases.analysis import sections
from cases.analysis.access import READS, get_finding
from cases.analysis.models import Finding, FindingKind, Severity
from cases.desk.forms import ReasonForm
from cases.desk.kinds import Kind, ListColumn, ListFilter, Rule, Section
from cases.registry.models import Direction
from workflow.lifecycles.finding import Action, State
from workflow.roles import CONTRACTOR, DEPARTMENT, INSTITUTION, MINISTRY, Role

CONTENTS = Section("analysis/finding.html", sections.contents)
WRITER = "drafter_role"
"""The property of a finding that says in which role it was written."""

FINDINGS = Kind(
    Finding,
    path="findings",
    prefixes=("F",),
    name_of_many=gettext_lazy("Findings"),
    concerned=gettext_lazy("Institution"),
    reads=READS,
    reads_many=("institutions",),
    door=get_finding,
    menu_roles=frozenset({*MINISTRY, *DEPARTMENT, *CONTRACTOR, *INSTITUTION}),
    way=(State.DRAFT, State.PROPOSED, State.CONFIRMED),
    badges={
        State.DRAFT: "",
        State.PROPOSED: "st-soon",
        State.CONFIRMED: "st-ok",
        State.WITHDRAWN: "st-done",
    },
    forms=dict.fromkeys((Action.SEND_BACK, Action.DROP, Action.WITHDRAW), ReasonForm),
    decided_on=dict.fromkeys((Action.PROPOSE, Action.SEND_BACK, Action.DROP, Action.WITHDRAW), CONTENTS),
    facts=sections.facts,
    sections=(CONTENTS,),
    columns=(
        ListColumn(gettext_lazy("Statement"), lambda case: case.statement, is_long=True),
        ListColumn(gettext_lazy("Institutions"), for_reader=sections.institution_of),
        ListColumn(gettext_lazy("Direction"), lambda case: case.get_direction_display()),
        ListColumn(gettext_lazy("Kind"), lambda case: case.get_kind_display()),
        ListColumn(gettext_lazy("Severity"), lambda case: case.get_severity_display()),
        ListColumn(gettext_lazy("Monitoring"), lambda case: case.engagement.number),
    ),
    filters={
        "engagement": ListFilter(gettext_lazy("Monitoring"), "engagement__number__istartswith"),
        "direction": ListFilter(gettext_lazy("Direction"), "direction", Direction.choices),
        "kind": ListFilter(gettext_lazy("Kind"), "kind", FindingKind.choices),
        "severity": ListFilter(gettext_lazy("Severity"), "severity", Severity.choices),
    },
    list_links=sections.list_links,
    shows_documents=sections.shows_documents,
    tells=(
        Rule(Action.PROPOSE, to=(Role.CONTRACTOR_LEAD, Role.COORDINATOR)),
        Rule(Action.SEND_BACK, to=(WRITER, Role.CONTRACTOR_LEAD)),
        Rule(Action.DROP, to=(WRITER, Role.CONTRACTOR_LEAD), only_own=True),
        Rule(Action.WITHDRAW, to=(Role.CONTRACTOR_LEAD, Role.COORDINATOR)),
        Rule(Action.COMMENT_INTERNAL, to=(WRITER, Role.CONTRACTOR_LEAD, Role.COORDINATOR)),
    ),
    silent=frozenset({
        Action.CREATE, Action.EDIT, Action.DOCUMENT, Action.FOLLOW,
        Action.CONFIRM,  # The approval of the list is announced.
    }),
    readers=gettext_lazy("The contractor, the Department and the Ministry see this"),
)  # fmt: skip
