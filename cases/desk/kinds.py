"""What each kind of case brings to the desk. Nothing about a kind is said in any other room."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy

from cases.desk.forms import ActForm
from cases.registry.models import User
from workflow.case import Case
from workflow.may import action_label
from workflow.roles import Role
from workflow.texts import Text

if TYPE_CHECKING:
    from cases.desk.tables import Table

ASSIGNED = "assigned"
"""In a rule: whoever carries the case, and their substitutes; nobody while it is assigned to nobody."""
OTHER_SIDE = "other_side"
"""In a rule: the side that did not act, and whoever carries the case."""

WATCHING = "watching"
"""In a rule: the person whom the case names to watch over it, as long as they hold the role for that."""

Door = Callable[[User, str], Case]
Shown = Callable[[Any, User], Mapping[str, object]]


@dataclass(frozen=True)
class Rule:
    """An act tells roles, by a template of `templates/notifications/` (a subject and a text).

    `to` names roles of the kind's RELATIONS, ASSIGNED, OTHER_SIDE, WATCHING, or a property that gives a role.
    """

    action: str
    to: tuple[str, ...]
    template: str = "happened"


@dataclass(frozen=True)
class Section:
    """A part of a page: its template, and what the template gets besides `case`, `can` and `reader`."""

    template: str
    context: Shown = lambda case, reader: {}


def facts_section(facts: Callable[[Any], Sequence[tuple[Text, object]]]) -> Section:
    """Labels and values, as the page of an act shows them of what is decided on."""
    return Section("desk/facts.html", lambda case, reader: {"facts": facts(case)})


@dataclass(frozen=True)
class ListColumn:
    """A column of a kind's list and of its exports."""

    label: Text
    value: Callable[[Any], object]
    is_long: bool = False


@dataclass(frozen=True)
class ClockAct:
    """What is done because a date has come: a verb that is open to no role.

    `due` gives the rows on which it is due on a day, and no more once it is done; `do` does it to one of them, and
    raises Refused when somebody was faster.
    """

    action: str
    due: Callable[[date], QuerySet[Any]]
    do: Callable[[Any, datetime], object]


@dataclass(frozen=True)
class Kind:
    """One kind of case: its model, its addresses, and what its pages show.

    `reads` are relations that its door reads along. `decided_on` says what an act's page shows of that which is decided
    on. `way` are the states of the stepper, in order. Every act is named by `tells`, or by `silent` if nobody hears.
    `task_names` call the task of an act by what is to be decided, where the act is but one of the answers.
    `readers` says beside a comment who reads it. `table` is what its list hands out, if it is a list of its own.
    """

    model: type[Case]
    path: str
    name_of_many: Text = ""
    concerned: Text = ""
    reads: Sequence[str] = ()
    door: Door | None = None
    forms: Mapping[str, type[ActForm]] = field(default_factory=dict)
    decided_on: Mapping[str, Section] = field(default_factory=dict)
    warnings: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    way: Sequence[str] = ()
    badges: Mapping[str, str] = field(default_factory=dict)
    sections: Sequence[Section] = ()
    facts: Callable[[Any], Sequence[tuple[Text, object]]] | None = None
    columns: Sequence[ListColumn] = ()
    tells: Sequence[Rule] = ()
    silent: frozenset[str] = frozenset()
    task_names: Mapping[str, Text] = field(default_factory=dict)
    table: "Callable[[User, QueryDict], Table] | None" = None
    clock: Sequence[ClockAct] = ()
    has_own_pages: bool = False
    menu_roles: frozenset[Role] = frozenset()
    readers: Text = gettext_lazy("The institution, the Department and the Ministry see this")

    @property
    def name(self) -> str:
        return self.model.CASE_TYPE

    @property
    def is_part(self) -> bool:
        """Whether its cases are shown on the page of the case that they are about."""
        return bool(self.model.ABOUT)

    @property
    def list_name(self) -> str:
        """The name of its list's url."""
        return self.path if self.has_own_pages else f"{self.name}_list"

    @property
    def export_name(self) -> str:
        """The name of the url of its list as a file."""
        return f"{self.name}_export"

    def form_of(self, action: str) -> type[ActForm]:
        """The form of an act; one that is not named asks only to be confirmed."""
        return self.forms.get(action, ActForm)

    def task_name(self, action: str) -> str:
        """How the task that an act answers is called."""
        return str(self.task_names.get(action) or action_label(self.model, action))

    def act_url(self, case: Case, action: str) -> str:
        return reverse(f"{self.name}_act", args=[case.number, action])


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Bring kinds to the desk; called by each app when it is ready."""
    for kind in kinds:
        _KINDS[kind.name] = kind


def kinds() -> Mapping[str, Kind]:
    """Every kind by its case type, in the order of the apps."""
    return _KINDS


def kind_of(case: Case | type[Case]) -> Kind:
    return _KINDS[case.CASE_TYPE]
