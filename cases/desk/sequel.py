"""What comes after an act, as its page says before anybody presses."""

from dataclasses import dataclass
from datetime import date

from cases.desk.kinds import kind_of
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
    """Organisations in which nobody holds the role that would then owe something: the duty would be nobody's."""
    owing = {expect.role for target in _targets(case, declared) for expect in [case.EXPECTS.get(target)] if expect}
    named = {role: case.related(role) for role in owing if role in case.RELATIONS}
    held = Membership.objects.in_force().filter(role__in=named, organisation__in=named.values())
    manned = set(held.values_list("role", "organisation_id"))
    empty = {pk for role, pk in named.items() if pk is not None and (str(role), pk) not in manned}
    return [str(organisation) for organisation in Organisation.objects.filter(pk__in=empty)] if empty else []


def _sequel(case: Case, declared: Transition | Verb, target: str) -> Sequel:
    state, is_final = str(case.STATES(target).label), target in case.final_states()
    expect = case.EXPECTS.get(target)
    if expect is None:
        return Sequel(state, is_final)
    action = declared.action if isinstance(declared, Transition) else ""
    due = due_date(case, expect, action, legal_date())
    return Sequel(state, is_final, kind_of(case).task_name(expect.action), _role(expect), due)


def _targets(case: Case, declared: Transition | Verb) -> tuple[str, ...]:
    state = str(case.follow("state"))
    if isinstance(declared, Verb):
        return ()
    return declared.targets.get(state, declared.all_targets)


def _role(expect: Expect) -> str:
    """Who owes it; empty when a property of the case will say."""
    return str(Role(expect.role).label) if expect.role in Role.values else ""
