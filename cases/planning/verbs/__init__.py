"""What changes the records of planning: right, check, row and trail in one step."""

from cases.planning.verbs.deliverables import (
    attach_file,
    attach_scan,
    detach_file,
    move_due,
    name_expert,
    name_reviewers,
    write_texts,
)
from cases.planning.verbs.engagements import (
    SHARES,
    EngagementFacts,
    edit_engagement,
    facts_of,
    give_access,
    left_behind,
    plan_engagement,
    set_dates,
    suggested,
    withdraw_access,
)
from cases.planning.verbs.lines import add_line, change_line, remove_line, take_table
from cases.planning.verbs.plans import ItemFacts, PlanFacts, add_item, change_item, draft_plan, edit_plan, remove_item
from cases.planning.verbs.proposals import Weighed, weigh

__all__ = [
    "SHARES",
    "EngagementFacts",
    "ItemFacts",
    "PlanFacts",
    "Weighed",
    "add_item",
    "add_line",
    "attach_file",
    "attach_scan",
    "change_item",
    "change_line",
    "detach_file",
    "draft_plan",
    "edit_engagement",
    "edit_plan",
    "facts_of",
    "give_access",
    "left_behind",
    "move_due",
    "name_expert",
    "name_reviewers",
    "plan_engagement",
    "remove_item",
    "remove_line",
    "set_dates",
    "suggested",
    "take_table",
    "weigh",
    "withdraw_access",
    "write_texts",
]
