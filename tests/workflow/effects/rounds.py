"""What the acts of those who are asked write on a round, its seats and the terms of the seats."""

from typing import Any

from tests.workflow.effects import NOW


def answer(place: str, answer: str, by: str = "", text: str = "") -> tuple[str, str, dict[str, Any]]:
    answered = {"answered_by": by, "answered_at": NOW} if by else {}
    return "changed", "rounds_seat", {
        "": f"seat {place}", "answer": answer, **answered, **({"text": text} if text else {}),
    }  # fmt: skip


def ended(status: str, outcome: str) -> tuple[str, str, dict[str, Any]]:
    return "changed", "rounds_round", {"": "round 1", "status": status, "finished": NOW, "outcome": outcome}


def owed_by(owed: str, name: str | None) -> tuple[str, str, dict[str, Any]]:
    return "changed", "workflow_expectation", {"": owed, "assignee": name}
