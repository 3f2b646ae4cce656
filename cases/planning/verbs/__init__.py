"""What changes the records of planning: right, check, row and trail in one step."""

from cases.planning.verbs.plans import ItemFacts, PlanFacts, add_item, change_item, draft_plan, edit_plan, remove_item

__all__ = ["ItemFacts", "PlanFacts", "add_item", "change_item", "draft_plan", "edit_plan", "remove_item"]
