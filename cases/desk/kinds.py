"""What each kind of case brings to the desk. Nothing about a kind is said in any other room."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, cast

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy
from typing_extensions import TypeVar

from cases.desk.forms import ActForm
from cases.ground.paging import Order
from cases.registry.models import User
from workflow.case import Case, CaseQuerySet
from workflow.may import action_label
from workflow.roles import Role
from workflow.texts import Text

if TYPE_CHECKING:
    from cases.desk.tables import Table

C = TypeVar("C", bound=Case, default=Case)
S = TypeVar("S", bound=Case, default=Case, contravariant=True)

ASSIGNED = "assigned"
"""In a rule: the person assigned to the case, and their substitutes; nobody while nobody is assigned."""
OTHER_SIDE = "other_side"
"""In a rule: the side that did not act, and the person assigned to the case."""
WATCHING = "watching"
"""In a rule: the person whom the case names to watch over it, as long as they hold the role for that."""


@dataclass(frozen=True)
class Rule:
    """An act tells roles, by a template of `templates/notifications/` (a subject and a text).

    `to` names roles of the kind's RELATIONS, ASSIGNED, OTHER_SIDE, WATCHING, or a property that gives one or several
    roles or Owings: who owes something in a role, by name or whoever holds it. `only_own`: not where the act follows
    from one on another case, which tells people itself.
    """

    action: str
    to: tuple[str, ...]
    template: str = "happened"
    only_own: bool = False


@dataclass(frozen=True)
class Section(Generic[S]):
    """A part of a page: its template, and what the template gets in addition to `case`, `can` and `reader`."""

    template: str
    context: Callable[[S, User], Mapping[str, object]] = lambda case, reader: {}


def facts_section(facts: Callable[[C], Sequence[tuple[Text, object]]]) -> Section[C]:
    """Labels and values, as the page of an act shows them of what is decided on."""
    return Section("desk/facts.html", lambda case, reader: {"facts": facts(case)})


@dataclass(frozen=True)
class InboxPart:
    """What stands above the tasks of those who hold one of the roles; nothing where its context is empty."""

    template: str
    roles: frozenset[Role]
    context: Callable[[User], Mapping[str, object]]


@dataclass(frozen=True)
class Tab(Generic[S]):
    """A further page of a case: its name in the address, and what stands on it.

    Without sections the page is the app's own, under the same name. `is_shown` says to whom.
    """

    name: str
    label: Text
    sections: Sequence[Section[S]] = ()
    is_shown: Callable[[S, User], bool] = lambda case, reader: True


@dataclass(frozen=True)
class StepDates:
    """For the stepper: when the case last came into each state, and when it is planned to come into those ahead."""

    entered: Mapping[str, date | None]
    planned: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class ListColumn(Generic[S]):
    """A column of a kind's list and of its exports, or of these alone where the page has no room for it.

    `for_reader` gives the value in place of `value` where it depends on who reads it.
    """

    label: Text
    value: Callable[[S], object] = str
    is_long: bool = False
    is_shown: bool = True
    for_reader: Callable[[S, User], object] | None = None

    def cell(self, case: S, reader: User) -> object:
        return self.for_reader(case, reader) if self.for_reader else self.value(case)


@dataclass(frozen=True)
class ListFilter:
    """A filter of a kind's list: the lookup that it narrows by, and the values to choose from; without, it is typed.

    `chosen` gives the condition in place of a lookup, for what was chosen and for who looks. `offered` gives the values
    where they are rows. A check is ticked or not. `roles`: it is only for those who hold one of them; empty: for all.
    """

    label: Text
    lookup: str = ""
    choices: Sequence[tuple[object, Text]] = ()
    chosen: Callable[[str, User], Q] | None = None
    offered: Callable[[], Sequence[tuple[object, Text]]] | None = None
    is_check: bool = False
    roles: frozenset[Role] = frozenset()

    def condition(self, value: object, reader: User) -> Q:
        return self.chosen(str(value), reader) if self.chosen else Q(**{self.lookup: value})


@dataclass(frozen=True)
class ListView:
    """A list narrowed in a way that is asked for again and again: a link over it."""

    label: Text
    query: str
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class ClockAct(Generic[C]):
    """What is done because a date has come: a verb that is open to no role.

    `due` gives the rows on which it is due on a day, and no more once it is done; `do` does it to one of them, and
    raises Refused when somebody was faster.
    """

    action: str
    due: Callable[[date], QuerySet[C]]
    do: Callable[[C, datetime], object]


@dataclass(frozen=True)
class SignedPaper:
    """The scan of a paper that came back signed, after the decision."""

    name: str
    url: str
    sha256: str
    by: object
    at: datetime


@dataclass(frozen=True)
class Kind(Generic[C]):
    """One kind of case: its model, its addresses, and what its pages show.

    `reads` are relations that its door reads along, `reads_many` those to several rows that its list shows.
    `decided_on` says what an act's page shows of that which is decided on. `way` are the states of the stepper, in
    order. Every act is named by `tells`, or by `silent` if nobody hears. `task_names` call the task of an act by what
    is to be decided, where the act is but one of the answers. `readers` says under a comment who reads it, `audience`
    where it is written, if that is not the institution alone. `table` is what its list hands out, if it is a list of
    its own. `list_links` are labels and addresses at the top of its list, `filters` what narrows it besides number and
    state, `views` ways of narrowing it that stand over it as links, `orders` what it may be ordered by besides age;
    `computed` adds columns that the database computes for it, and `search` finds by more than the number. `tabs` are
    further pages of a case, with documents and history on one of them; `step_dates` are the dates of an open case's
    stepper where its record keeps them, and not the trail alone.
    `signed` are the scans that came back signed, by the number of the round that decided. `shows_documents` says to
    whom of those who see a case its documents are shown: to all, where a kind does not say otherwise. `prefixes` are
    what its numbers begin with; without, it is asked for every number that somebody types. `inbox_part` is its part of
    the inbox.
    """

    model: type[C]
    path: str
    prefixes: Sequence[str] = ()
    name_of_many: Text = ""
    concerned: Text = ""
    reads: Sequence[str] = ()
    reads_many: Sequence[str] = ()
    door: Callable[[User, str], C] | None = None
    forms: Mapping[str, type[ActForm]] = field(default_factory=dict)
    decided_on: Mapping[str, Section[C]] = field(default_factory=dict)
    warnings: Mapping[str, Callable[[C], str]] = field(default_factory=dict)
    way: Sequence[str] = ()
    badges: Mapping[str, str] = field(default_factory=dict)
    sections: Sequence[Section[C]] = ()
    tabs: Sequence[Tab[C]] = ()
    step_dates: Callable[[C], StepDates] | None = None
    facts: Callable[[C], Sequence[tuple[Text, object]]] | None = None
    columns: Sequence[ListColumn[C]] = ()
    filters: Mapping[str, ListFilter] = field(default_factory=dict)
    views: Sequence[ListView] = ()
    orders: Mapping[str, tuple[Text, Order]] = field(default_factory=dict)
    computed: Callable[[CaseQuerySet[C]], CaseQuerySet[C]] | None = None
    search: Callable[[str], Q] | None = None
    tells: Sequence[Rule] = ()
    silent: frozenset[str] = frozenset()
    task_names: Mapping[str, Text] = field(default_factory=dict)
    table: "Callable[[User, QueryDict], Table] | None" = None
    clock: Sequence[ClockAct[C]] = ()
    signed: Callable[[C], Mapping[int, Sequence[SignedPaper]]] | None = None
    shows_documents: Callable[[C, User], bool] = lambda case, reader: True
    has_own_pages: bool = False
    list_links: Callable[[User], Sequence[tuple[str, str]]] | None = None
    menu_roles: frozenset[Role] = frozenset()
    inbox_part: InboxPart | None = None
    audience: Text = ""
    readers: Text = gettext_lazy("The institution, the Department and the Ministry see this")

    @property
    def name(self) -> str:
        return self.model.CASE_TYPE

    @property
    def shown_columns(self) -> Sequence[ListColumn[C]]:
        """Those of the page."""
        return [column for column in self.columns if column.is_shown]

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

    @property
    def assign_name(self) -> str:
        """The name of the url on which a coordinator is put in charge, of kinds that have that verb."""
        return f"{self.name}_assign"

    def along(self, rows: CaseQuerySet[C]) -> CaseQuerySet[C]:
        """The same rows, read with what their pages and lists show; without any `reads` nothing is joined."""
        return rows.select_related(*self.reads) if self.reads else rows

    def form_of(self, action: str) -> type[ActForm]:
        """The form of an act; one that is not named asks only to be confirmed."""
        return self.forms.get(action, ActForm)

    def task_name(self, action: str) -> str:
        """How the task that an act answers is called."""
        return str(self.task_names.get(action) or action_label(self.model, action))

    def act_url(self, case: Case, action: str) -> str:
        return reverse(f"{self.name}_act", args=[case.number, action])


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind[Any]) -> None:
    """Bring kinds to the desk; called by each app when it is ready."""
    for kind in kinds:
        _KINDS[kind.name] = kind


def add_section(case_type: str, section: Section[C]) -> None:
    """Show a part of another room on the page of a kind; called by that room's app when it is ready."""
    kind = _KINDS[case_type]
    _KINDS[case_type] = replace(kind, sections=(*kind.sections, cast(Section, section)))


def whole_page() -> Section[C]:
    """All parts that the page of the case consists of, those of other rooms among them, as what is decided on."""
    return Section("desk/sections.html", lambda case, reader: {"sections": shown_sections(case, reader)})


def shown_sections(case: Case, reader: User) -> list[Mapping[str, object]]:
    """Template and context of each part of the page of a case."""
    return [
        {"template": section.template, "context": section.context(case, reader)} for section in kind_of(case).sections
    ]


def kinds() -> Mapping[str, Kind]:
    """Every kind by its case type, in the order of the apps."""
    return _KINDS


def kind_of(case: Case | type[Case]) -> Kind:
    return _KINDS[case.CASE_TYPE]
