"""System checks of the kinds of case: what a kind forgets to bring stops the start. The ids: docs/checks.md."""

from collections.abc import Iterable, Iterator

from django.core.checks import CheckMessage, Error
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from cases.desk.kinds import Kind, kinds
from workflow.case import CaseQuerySet, case_types
from workflow.roles import NOBODY


def check_kinds(**kwargs: object) -> list[CheckMessage]:
    """Every kind of case in use."""
    return [*_unregistered(), *(error for kind in kinds().values() for error in check_kind(kind))]


def check_kind(kind: Kind) -> Iterable[CheckMessage]:
    yield from _forms(kind)
    yield from _names(kind)
    yield from _words(kind)
    yield from _templates(kind)
    yield from _internal(kind)
    yield from _clock(kind)
    if not isinstance(kind.model._default_manager.all(), CaseQuerySet):
        yield Error(
            f"{kind.name}: its rows cannot be asked who may see them.",
            hint="Give the model `objects = CaseQuerySet.as_manager()`, or a subclass of it.",
            id="desk.E005",
        )


def _unregistered() -> Iterator[Error]:
    for case_type in sorted(case_types().keys() - kinds().keys()):
        yield Error(
            f"The kind of case '{case_type}' has no desk.",
            hint="Describe it in the app's kind.py, and register that in the app's ready().",
            id="desk.E001",
        )


def _forms(kind: Kind) -> Iterator[Error]:
    """The fields of an act's form are the inputs of its method."""
    for action, declared in kind.model.acts().items():
        assert declared.takes is not None
        inputs = {name: parameter for name, parameter in declared.takes.parameters.items() if name != "self"}
        fields = kind.form_of(action).base_fields.keys() - {"version"}
        missing = {name for name, parameter in inputs.items() if parameter.default is parameter.empty} - fields
        if missing or fields - inputs.keys():
            yield Error(
                f"{kind.name}.{action} takes {', '.join(inputs) or 'nothing'},"
                f" but its form asks for {', '.join(sorted(fields)) or 'nothing'}.",
                hint="Name a form in `forms` of the app's kind.py whose fields are the method's parameters.",
                id="desk.E002",
            )


def _names(kind: Kind) -> Iterator[Error]:
    """Every act and state that a kind names exists."""
    acts = set(kind.model.acts())
    states = set(kind.model.STATES.values)
    for what, named, known in (
        ("forms", kind.forms, acts),
        ("decided_on", kind.decided_on, acts),
        ("task_names", kind.task_names, acts),
        ("warnings", kind.warnings, acts),
        ("badges", kind.badges, states),
        ("way", kind.way, states),
    ):
        for name in sorted({str(action) for action in named} - known):
            yield Error(
                f"{kind.name}: `{what}` names '{name}', which does not exist.",
                hint="Correct the app's kind.py.",
                id="desk.E003",
            )
    for state in sorted(states - {str(badge) for badge in kind.badges}):
        yield Error(
            f"{kind.name}: the state '{state}' has no badge.",
            hint="Add it to `badges` in the app's kind.py.",
            id="desk.E004",
        )


def _words(kind: Kind) -> Iterator[Error]:
    """What would be shown as nothing: the label in its letters and, where it has a list, its name, place and columns.

    What is shown on the page of another case has no list, and a list of the app's own no columns here. Whose menu a
    list stands in is a choice, as those who are left out still come to it by their tasks and letters; nobody's is none.
    """
    needed: dict[str, object] = {"concerned": str(kind.concerned)}
    if not kind.is_part:
        needed |= {"name_of_many": str(kind.name_of_many), "menu_roles": kind.menu_roles}
        if not kind.has_own_pages:
            needed["columns"] = kind.shown_columns
    for name, brought in needed.items():
        if not brought:
            yield Error(
                f"{kind.name}: `{name}` is empty, so that people would find nothing in its place.",
                hint="Fill it in, in the app's kind.py.",
                id="desk.E009",
            )


def _templates(kind: Kind) -> Iterator[Error]:
    names = [section.template for section in (*kind.sections, *kind.decided_on.values())]
    names += [kind.inbox_part.template] if kind.inbox_part else []
    for name in sorted(set(names)):
        try:
            get_template(name)
        except TemplateDoesNotExist:
            yield Error(f"{kind.name}: the template {name} is missing.", hint="Write it.", id="desk.E006")


def _internal(kind: Kind) -> Iterator[Error]:
    """Internal acts are kept from those who do not see the first state: where all see it, nothing would be kept."""
    inside = set(kind.model.ACCESS[kind.model.INITIAL].roles)
    if inside >= set(kind.model.RELATIONS):
        for name, verb in kind.model.verbs().items():
            if verb.internal:
                yield Error(
                    f"{kind.name}.{name} is internal, but everybody sees the case from its beginning.",
                    hint="Leave `internal` out, or take the first state from the roles that are not to read it.",
                    id="desk.E007",
                )


def _clock(kind: Kind) -> Iterator[Error]:
    """A verb open to nobody is done by the clock, unless it follows from another act; the clock does no others."""
    named = [act.action for act in kind.clock]
    verbs = kind.model.verbs().items()
    open_to_nobody = {name for name, verb in verbs if not verb.permission.roles and verb.permission is not NOBODY}
    for name in sorted(open_to_nobody ^ set(named)):
        yield Error(
            f"{kind.name}.{name} is open to nobody, but the clock does not do it, or the other way about.",
            hint="Name the verb in `clock` of the app's kind.py, with permission by(); or NOBODY if it only follows.",
            id="desk.E008",
        )
