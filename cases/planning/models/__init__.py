"""The records of planning, each file with what belongs together."""

# Plan-schedules come first: it is in this order that kinds of case are told.
from cases.planning.models.plans import PlanSchedule, PlanVersion

# isort: split
from cases.planning.models.calendars import CalendarEntry, EntryKind
from cases.planning.models.contracts import Contract
from cases.planning.models.deliverable_files import DeliverableFile, FileKind
from cases.planning.models.deliverables import Deliverable, DeliverableVersion
from cases.planning.models.engagement_parts import EngagementUserObjectPermission, StageDate, Suspension
from cases.planning.models.engagements import Engagement
from cases.planning.models.line_kinds import LINES, Compliance, ConclusionLine, Duty, EstimateItem, TeamMember
from cases.planning.models.lines import Line
from cases.planning.models.plan_items import ItemDirection, ItemKind, PlanItem
from cases.planning.models.proposals import ProposalDecision, ProposalLine, Weighing
from cases.planning.models.stages import RouteSeat, StageTemplate, TemplateRow

__all__ = [
    "LINES",
    "CalendarEntry",
    "ConclusionLine",
    "Contract",
    "ProposalDecision",
    "Deliverable",
    "DeliverableFile",
    "DeliverableVersion",
    "Engagement",
    "Duty",
    "EngagementUserObjectPermission",
    "EntryKind",
    "EstimateItem",
    "FileKind",
    "Compliance",
    "ItemDirection",
    "ItemKind",
    "Line",
    "PlanItem",
    "PlanSchedule",
    "PlanVersion",
    "ProposalLine",
    "RouteSeat",
    "StageDate",
    "StageTemplate",
    "Suspension",
    "TeamMember",
    "TemplateRow",
    "Weighing",
]
