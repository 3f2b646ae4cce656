"""System checks of the messages: an act that is forgotten, a text that is missing, a reader who may not look."""

from collections.abc import Collection, Iterator, Mapping

from django.core.checks import CheckMessage, Error
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from cases.desk.kinds import ASSIGNED, OTHER_SIDE, WATCHING, Kind, Rule, kinds
from cases.registry.messages import LETTERS, SILENT
from cases.registry.verbs import ACTIONS as REGISTRY_ACTIONS
from workflow.case import Case
from workflow.parties import Watching
from workflow.roles import Role


def check_messages(**kwargs: object) -> list[CheckMessage]:
    """The rules of every kind of case, and of the registry."""
    return [*(error for kind in kinds().values() for error in check_messages_of(kind)), *check_letters(LETTERS, SILENT)]


def check_messages_of(kind: Kind) -> Iterator[Error]:
    yield from _forgotten(kind)
    for rule in kind.tells:
        yield from check_rule(kind, rule)


def check_letters(letters: Mapping[str, str], silent: Collection[str]) -> Iterator[Error]:
    """Every act of the registry tells the person concerned, or is named silent."""
    for template in sorted(set(letters.values())):
        yield from _templates(template)
    for action in REGISTRY_ACTIONS.values:
        if (action in letters) == (action in silent):
            yield Error(
                f"'{action}' has to be in exactly one of LETTERS and SILENT.",
                hint="Name the act in LETTERS or in SILENT of cases/registry/messages.py.",
                id="notifications.E006",
            )


def check_rule(kind: Kind, rule: Rule) -> Iterator[Error]:
    if rule.action not in kind.model.ACTIONS.values:
        yield Error(
            f"A rule tells of '{kind.name}.{rule.action}', which never happens.",
            hint="Correct its `action`.",
            id="notifications.E001",
        )
        return
    yield from _templates(rule.template)
    for role in (role for name in rule.to for role in _roles(kind, name)):
        if role not in kind.model.RELATIONS:
            yield Error(
                f"The rule on '{kind.name}.{rule.action}' tells '{role}', which has no relation to the case.",
                hint="Name a role of the lifecycle's RELATIONS.",
                id="notifications.E003",
            )
        elif not all(role in kind.model.ACCESS[state].roles for state in _states_after(kind.model, rule.action)):
            yield Error(
                f"The rule on '{kind.name}.{rule.action}' tells '{role}', who may not see the case then.",
                hint="Leave the role out, or give it the right in ACCESS.",
                id="notifications.E004",
            )


def _roles(kind: Kind, name: str) -> Iterator[str]:
    """The roles that a name in a rule may stand for."""
    if name == ASSIGNED:
        yield from kind.model.PARTIES.assignees
    elif name == WATCHING:
        yield from (role for role, relation in kind.model.RELATIONS.items() if isinstance(relation, Watching))
    elif name == OTHER_SIDE:
        yield from kind.model.RELATIONS if not kind.model.PARTIES.addressed else ()
    elif name in Role.values or not hasattr(kind.model, name):
        yield name


def _templates(template: str) -> Iterator[Error]:
    for name in (f"notifications/{template}.subject.txt", f"notifications/{template}.txt"):
        try:
            get_template(name)
        except TemplateDoesNotExist:
            yield Error(f"The template {name} is missing.", hint="Write it.", id="notifications.E002")


def _states_after(model: type[Case], action: str) -> frozenset[str]:
    """The states in which a case may be once the action was done."""
    if action in model.transitions():
        return frozenset(model.transitions()[action].all_targets)
    if action in model.verbs():
        return model.verbs()[action].states
    return frozenset({str(model.INITIAL)})


def _forgotten(kind: Kind) -> Iterator[Error]:
    known = {rule.action for rule in kind.tells} | kind.silent
    for action in kind.model.ACTIONS.values:
        if action not in known:
            yield Error(
                f"'{kind.name}.{action}' has no rule about who is notified.",
                hint="Add a rule to `tells` in the app's kind.py, or name the act in `silent`.",
                id="notifications.E005",
            )
