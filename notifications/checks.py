"""System checks of the rules: an act that is forgotten, a text that is missing, a reader who may not look."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from notifications.rules import ASSIGNED, LEVEL, OTHER_SIDE, RULES, SILENT, Rule
from workflow.case import Case, case_types
from workflow.roles import Role

PARTIES = {
    ASSIGNED: (Role.COORDINATOR,),
    OTHER_SIDE: (Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER, Role.COORDINATOR),
    LEVEL: (Role.COORDINATOR, Role.DEPARTMENT_HEAD, Role.MINISTRY_LEADER),
}
"""The roles that a party may stand for."""


def check_rules(**kwargs: Any) -> list[CheckMessage]:
    """The table of rules, against every lifecycle in use."""
    return [*_forgotten(RULES, SILENT), *(error for rule in RULES for error in check_rule(rule))]


def check_rule(rule: Rule) -> Iterator[Error]:
    case_type, _dot, action = rule.on.partition(".")
    model = case_types().get(case_type)
    if model is None or action not in model.ACTIONS.values:
        yield Error(f"A rule tells of '{rule.on}', which never happens.", hint="Mend `on`.", id="notifications.E001")
        return
    yield from _templates(rule)
    for role in (role for one in rule.to for role in PARTIES.get(one, (one,))):
        if role not in model.RELATIONS:
            yield Error(
                f"The rule on '{rule.on}' tells '{role}', which has no relation to the case.",
                hint="Name a role of the lifecycle's RELATIONS.",
                id="notifications.E003",
            )
        elif not all(role in model.ACCESS[state].roles for state in _states_after(model, action)):
            yield Error(
                f"The rule on '{rule.on}' tells '{role}', who may not see the case then.",
                hint="Leave the role out, or give it the right in ACCESS.",
                id="notifications.E004",
            )


def _templates(rule: Rule) -> Iterator[Error]:
    for name in (f"notifications/{rule.template}.subject.txt", f"notifications/{rule.template}.txt"):
        try:
            get_template(name)
        except TemplateDoesNotExist:
            yield Error(f"The template {name} is missing.", hint="Write it.", id="notifications.E002")


def _states_after(model: type[Case], action: str) -> frozenset[str]:
    """The states in which a case may be once the action was done."""
    if action in model.steps():
        return frozenset({model.steps()[action].target})
    if action in model.VERBS:
        return model.VERBS[action].states
    return frozenset({str(model.INITIAL)})


def _forgotten(rules: tuple[Rule, ...], silent: frozenset[str]) -> Iterator[Error]:
    known = {rule.on for rule in rules} | silent
    for case_type, model in case_types().items():
        for action in model.ACTIONS.values:
            if f"{case_type}.{action}" not in known:
                yield Error(
                    f"Who is told of '{case_type}.{action}' is not said.",
                    hint="Add a rule to notifications/rules.py, or name the act in SILENT.",
                    id="notifications.E005",
                )
