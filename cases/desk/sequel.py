"""What comes after an act, as its page says before anybody presses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cases.desk.kinds import kind_of
from cases.desk.unmanned import roles_that_suffice
from cases.registry.models import Membership, Organisation
from workflow.case import Case
from workflow.declarations import Expect, Transition, Verb
from workflow.expectations import due_date
from workflow.roles import Role
from workflow.terms import legal_date


@dataclass(frozen=True)
class Sequel:
    """A state that an act leads to and what is expected then; `action` is empty where nothing is."""

    state: str
    is_final: bool
    action: str = ""
    role: str = ""
    due: date | None = None


def sequel_of(case: Case, declared: Transition | Verb) -> list[Sequel]:
    """As the lifecycle declares it, for each state it may lead to; the terms begin today. Nothing for a verb."""
    return [_sequel(case, declared, target) for target in _targets(case, declared)]


def unmanned(case: Case, declared: Transition | Verb) -> list[str]:
    """Organisations in which nobody could do what would then be expected: the duty would be nobody's."""
    able = {(expect.role, case.related(expect.role)): _able(case, expect) for expect in _expects(case, declared)}
    held = Membership.objects.in_force().filter(organisation__in=[pk for _role, pk in able if pk])
    manned = set(held.values_list("role", "organisation_id"))
    empty = [pk for (_role, pk), roles in able.items() if pk and not any((str(role), pk) in manned for role in roles)]
    return [str(organisation) for organisation in Organisation.objects.filter(pk__in=empty)] if empty else []


def _sequel(case: Case, declared: Transition | Verb, target: str) -> Sequel:
    state, is_final = str(case.STATES(target).label), target in case.final_states()
    expect = case.EXPECTS.get(target)
    if expect is None:
        return Sequel(state, is_final)
    action = declared.action if isinstance(declared, Transition) else ""
    due = due_date(case, expect, action, legal_date())
    return Sequel(state, is_final, kind_of(case).task_name(expect.action), _role(expect), due)


def _expects(case: Case, declared: Transition | Verb) -> Iterator[Expect]:
    """What the states to come expect, of roles that the lifecycle names."""
    for target in _targets(case, declared):
        expect = case.EXPECTS.get(target)
        if expect is not None and expect.role in case.RELATIONS:
            yield expect


def _able(case: Case, expect: Expect) -> set[str]:
    return roles_that_suffice(type(case), expect.action, expect.role, expect.helper)


def _targets(case: Case, declared: Transition | Verb) -> tuple[str, ...]:
    state = str(case.follow("state"))
    if isinstance(declared, Verb):
        return ()
    return declared.targets.get(state, declared.all_targets)


def _role(expect: Expect) -> str:
    """Who owes it; empty when a property of the case will say."""
    return str(Role(expect.role).label) if expect.role in Role.values else ""
