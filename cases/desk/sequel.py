"""What comes after an act, as its page says before anybody presses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cases.desk.kinds import kind_of
from cases.registry.models import Organisation, User
from cases.registry.unmanned import OpenDuty, nobodys, roles_that_suffice
from workflow.case import Case
from workflow.declarations import Expect, Transition, Verb
from workflow.expectations import Owed, due_date
from workflow.foresight import foreseen, targets_of
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
    return [] if isinstance(declared, Verb) else [_sequel(case, declared, to) for to in targets_of(case, declared)]


def unmanned(case: Case, action: str, declared: Transition | Verb) -> list[str]:
    """Sentences: who is missing to do what would then be expected, so that the duty would be nobody's."""
    return missing(type(case), foreseen(case, action, declared))


def missing(model: type[Case], expected: Iterable[Owed]) -> list[str]:
    """The same of what cases of a kind would expect, such as one that is about to be begun."""
    duties = [_duty(model, owed) for owed in expected]
    return list(dict.fromkeys(_missing(duty) for duty in nobodys(duties)))


def _sequel(case: Case, declared: Transition, target: str) -> Sequel:
    state, is_final = str(case.STATES(target).label), target in case.final_states()
    expect = case.EXPECTS.get(target)
    if expect is None:
        return Sequel(state, is_final)
    due = due_date(case, expect, declared.action, legal_date())
    return Sequel(state, is_final, kind_of(case).task_name(expect.action), _role(expect), due)


def _duty(model: type[Case], owed: Owed) -> OpenDuty:
    debtor = owed.debtor
    able = roles_that_suffice(model, owed.action, debtor.role, owed.helper)
    return OpenDuty(debtor.role, able, debtor.organisation_id, debtor.assignee_id)


def _missing(duty: OpenDuty) -> str:
    organisation = Organisation.objects.get(pk=duty.organisation_id)
    if duty.assignee_id is None:
        sentence = _(
            "Nobody at %(name)s can do what comes next: nobody there holds the role that this needs. The registrar gets"
            " a message."
        )
        return sentence % {"name": organisation}
    sentence = _(
        "What comes next would be for %(person)s, who does not hold the role for it at %(name)s any more. The registrar"
        " gets a message."
    )
    return sentence % {"person": User.objects.get(pk=duty.assignee_id), "name": organisation}


def _role(expect: Expect) -> str:
    """Who owes it; empty when a property of the case will say."""
    return str(Role(expect.role).label) if expect.role in Role.values else ""
