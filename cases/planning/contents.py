"""The contents that are decided on, as one exact text: its hash, and whether two say the same."""

import hashlib
import json


def sha256_of(contents: str) -> str:
    return hashlib.sha256(contents.encode()).hexdigest()


def say_the_same(contents: str, others: str) -> bool:
    """A registrar who corrects the number or date of a legal act changes no plan-schedule that names it."""
    return _by_places(contents) == _by_places(others)


def _by_places(contents: str) -> object:
    """With legal acts by their places in the registry alone."""
    return json.loads(contents, object_hook=_by_place)


def _by_place(part: dict[str, object]) -> dict[str, object]:
    return {**part, "legal_basis": str(part["legal_basis"]).partition(",")[0]} if "legal_basis" in part else part
