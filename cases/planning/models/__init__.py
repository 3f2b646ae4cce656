"""The records of planning, each file with what belongs together."""

from cases.planning.models.plans import ItemDirection, ItemKind, PlanItem, PlanSchedule, PlanVersion

__all__ = ["ItemDirection", "ItemKind", "PlanItem", "PlanSchedule", "PlanVersion"]
