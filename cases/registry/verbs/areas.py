"""Adding, changing and deactivating programme areas."""

from cases.registry.models import ProgrammeArea, User
from cases.registry.verbs.recording import Action, Step, change, check, registrar, switch, trimmed, write


def add_area(*, by: User, **fields: object) -> ProgrammeArea:
    """Raises Refused."""
    right = registrar(by)
    area = ProgrammeArea(**trimmed(fields))
    check(area)
    write([Step(area, Action.ADD_AREA)], right)
    return area


def change_area(area: ProgrammeArea, *, by: User, seen: str = "", **fields: object) -> ProgrammeArea:
    """`seen` is the fingerprint of what the registrar saw. Raises Refused (Stale)."""
    registrar(by)
    return change(area, fields, action=Action.CHANGE_AREA, by=by, seen=seen)


def deactivate_area(area: ProgrammeArea, *, by: User, reason: str) -> None:
    """Raises Refused."""
    switch(area, to=False, action=Action.DEACTIVATE_AREA, by=by, reason=reason)


def reactivate_area(area: ProgrammeArea, *, by: User) -> None:
    """Raises Refused."""
    switch(area, to=True, action=Action.REACTIVATE_AREA, by=by)
