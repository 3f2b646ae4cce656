"""Reading what the trail says of one row."""

import json
from dataclasses import dataclass
from typing import Any

from cases.registry.models import User
from workflow.models import Event


@dataclass(frozen=True)
class Said:
    number: str
    action: str
    actor: User | None
    role: str
    organisation_id: int | None
    said: dict[str, Any]


def events(subject_type: str, subject_id: int) -> list[Said]:
    rows = Event.objects.of(subject_type, subject_id).select_related("actor", "details").order_by("id")
    return [
        Said(
            row.number, row.action, row.actor, row.role, row.organisation_id,
            json.loads(row.details.text) if hasattr(row, "details") else {},
        )
        for row in rows
    ]  # fmt: skip
