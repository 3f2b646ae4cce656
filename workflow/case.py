"""The base of every lifecycle: state, version, rights through relations, and reading what a lifecycle file declares."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast

from django.apps import apps
from django.db import models
from django.urls import reverse

from workflow import grants
from workflow.act import Act as Act
from workflow.declarations import DECLARED, Expect, ExtraExpectation, Transition, Verb, transition_of
from workflow.parties import Parties, Relation, follow, key_at
from workflow.roles import Actor, Standing, by
from workflow.terms import legal_date
from workflow.texts import Text

if TYPE_CHECKING:
    from django.db.models.fetch_modes import FetchMode

T = TypeVar("T")
C = TypeVar("C", bound="Case")


class Case(models.Model):
    """A record with a lifecycle. What a subclass declares is listed in docs/adding-a-kind-of-case.md, and checked."""

    CASE_TYPE: ClassVar[str]
    STATES: ClassVar[type[models.TextChoices]]
    INITIAL: ClassVar[str]
    ACTIONS: ClassVar[type[models.TextChoices]]
    CREATE: ClassVar[Verb]
    ACCESS: ClassVar[Mapping[str, by]]
    EXPECTS: ClassVar[Mapping[str, Expect]]
    EXTRA: ClassVar[Mapping[str, str]] = {}  # act -> the role of whom `extra_expectations()` may expect it
    VERBS: ClassVar[Mapping[str, Verb]] = {}
    PARTIES: ClassVar[Parties]
    RELATIONS: ClassVar[Mapping[str, Relation]]
    """role -> where it counts on this case."""
    GRANTED: ClassVar[Mapping[str, str]] = {}
    """role -> the permission that a holder needs by name on each case, given with django-guardian."""
    GRANTED_ON: ClassVar[str] = ""  # The relation to the case on which they are given; empty: the case itself.
    RESTING: ClassVar[frozenset[str]] = frozenset()
    """States in which nobody owes anything, though an exception may lead out of them."""
    ABOUT: ClassVar[str] = ""
    """The relation to the case on whose page this one is shown; empty for a case with a page of its own."""
    SILENT: ClassVar[tuple[str, ...]] = ()
    """Columns that only repeat others, so that the trail leaves them out."""
    TRAIL_LABELS: ClassVar[Mapping[str, Text]] = {}
    """Names for the trail of inputs that are no column of the case."""
    TRAIL_WORDS: ClassVar[Mapping[str, Mapping[str, Text]]] = {}
    """The same for their values."""
    TRAIL_COLUMNS: ClassVar[Mapping[str, str]] = {}
    """Inputs that are kept in a column of another name."""
    TOGETHER: ClassVar[tuple[Any, ...]] = ()
    """What `perform_many()` prefetches, so that its conditions ask no query per case."""

    number = models.CharField(max_length=40, unique=True)
    version = models.PositiveIntegerField(default=0)
    act: Act | None = None
    reads: dict[str, object] | None = None
    """What `once()` has read of the case since it came from the database; None while it is changed, and afterwards."""
    foreseen: str = ""
    """The act that this copy foresees, see workflow/foresight.py."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page; of a case that is shown on another one's page, its place there."""
        page = self.about
        before, after = _address(page.CASE_TYPE)
        url = f"{before}{page.number}{after}"
        return url if page is self else f"{url}#{self.CASE_TYPE}-{self.pk}"

    @classmethod
    def from_db(
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Collection[object],
        *,
        fetch_mode: "FetchMode | None" = None,  # Django gives it from 6.1 on.
    ) -> Self:
        case = super().from_db(db, field_names, values, **({"fetch_mode": fetch_mode} if fetch_mode else {}))
        case.reads = {}
        return case

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Self] | None = None,
    ) -> None:
        """Read the row again; django-fsm lets a protected field be set only once, so it is forgotten first."""
        if self.reads:
            self.reads.clear()
        if fields is None or "state" in fields:
            self.__dict__.pop("state", None)
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        self.follow("state")  # Django takes it for deferred, and would read it when it is asked for.

    @property
    def headline(self) -> str:
        """What the case is about, in one line for lists and letters."""
        return self.number

    @property
    def concerned(self) -> str:
        """The name of the organisation or person whom the case concerns; empty when there is none yet."""
        return str(self._concerned() or "")

    @property
    def concerned_briefly(self) -> str:
        """The same by its short name, for lists."""
        concerned = self._concerned()
        return getattr(concerned, "short_name", "") or str(concerned or "")

    def _concerned(self) -> object:
        return self.follow((self.PARTIES.addressed or self.PARTIES.lead).removesuffix("_id"))

    @property
    def noted(self) -> Iterable[tuple[object, object]]:
        """More labels and values for letters about the case, such as who watches over it."""
        return ()

    @property
    def due_now(self) -> date | None:
        """The date by which the case itself is due, while it is open; None where a kind has no such date."""
        return None

    @property
    def about(self) -> "Case":
        """The case on whose page this one is shown: itself, if it has a page of its own."""
        return cast("Case", getattr(self, self.ABOUT)) if self.ABOUT else self

    @property
    def acting(self) -> Act:
        """The act under way, for the effects of a transition."""
        if self.act is None:
            raise RuntimeError("transitions run inside perform() only")
        return self.act

    @property
    def today(self) -> date:
        """The date of the act under way, which is the same for all that it checks and writes; else today's."""
        return self.act.on if self.act else legal_date()

    def once(self, name: str, read: Callable[[], T]) -> T:
        """Return `read()`, cached for the duration of the current act: nobody else can change a locked case.

        An effect that changes what was read clears `acting.read`. Of a case that is only shown it is cached until the
        case is read again; of one that is changed without an act, as in the body of `amend()`, not at all.
        """
        reads = self.act.read if self.act else self.reads
        if reads is None:
            return read()
        if name not in reads:
            reads[name] = read()
        return cast(T, reads[name])

    def follow(self, path: str) -> object:
        return follow(self, path)

    def standing(self, user: Actor, roles: Iterable[str]) -> Standing | None:
        """The membership through which the first of `roles` that counts for `user` on this case counts, or None."""
        for role in roles:
            held = user.role_map.get(role)
            relation = self.RELATIONS.get(role) if held else None
            if held and relation is not None and grants.suffices(self, user, self.GRANTED.get(role)):
                for organisation_id in relation.organisations(self, user):
                    if organisation_id in held:
                        return Standing(role, organisation_id, held[organisation_id])
        return None

    def is_inside(self, user: Actor) -> bool:
        """Whether the person sees cases of this kind from their beginning, so that nothing of it is kept from them."""
        return self.standing(user, self.ACCESS[self.INITIAL].roles) is not None

    def related(self, role: str) -> int | None:
        """The id of the organisation in which `role` counts on this case; None when there is none, or several."""
        relation = self.RELATIONS.get(role)
        organisations = relation.organisations(self) if relation else ()
        return next(iter(organisations)) if len(organisations) == 1 else None

    def related_rows(self, relation: Relation, read: Callable[[], T]) -> T:
        """The rows of a relation, read once for this object."""
        kept = self.__dict__.setdefault("_related_rows", {})
        return cast(T, kept[relation] if relation in kept else kept.setdefault(relation, read()))

    def assignee_of(self, role: str) -> int | None:
        """The id of the person who carries the tasks of `role` on this case; None when all who hold it do."""
        path = self.PARTIES.assignees.get(role)
        return key_at(self, path) if path else None

    def is_carried_by(self, user: Actor, role: str) -> bool:
        """Whether `user` carries the tasks of `role`: the person assigned, their substitute, or all if nobody is."""
        assignee_id = self.assignee_of(role)
        return assignee_id is None or assignee_id in user.carries_for(role)

    def extra_expectations(self) -> Iterable[ExtraExpectation]:
        """Further expectations of the present state; a subclass names them."""
        return ()

    @classmethod
    def prepare_many(cls, action: str, cases: Sequence[Self], on: date) -> None:
        """What many cases need at once before `action`, such as a block of numbers; a subclass says."""

    @classmethod
    @cache
    def transitions(cls) -> dict[str, Transition]:
        """The declared transitions by action, in the order of ACTIONS."""
        names = [name for name in dir(cls) if not name.startswith("_") and hasattr(getattr(cls, name), "_django_fsm")]
        return _ordered(cls, {name: transition_of(name, getattr(cls, name)._django_fsm) for name in names})

    @classmethod
    @cache
    def verbs(cls) -> dict[str, Verb]:
        """The declared verbs by name, in the order of ACTIONS: those of VERBS and those with a method."""
        methods = {name: getattr(getattr(cls, name), DECLARED, None) for name in dir(cls) if name[0] != "_"}
        with_method = {name: declared for name, declared in methods.items() if declared is not None}
        return _ordered(cls, {**{str(name): declared for name, declared in cls.VERBS.items()}, **with_method})

    @classmethod
    @cache
    def acts(cls) -> dict[str, Transition | Verb]:
        """Everything that `perform()` does: the transitions, and the verbs that have a method."""
        return {**cls.transitions(), **{name: verb for name, verb in cls.verbs().items() if verb.takes is not None}}

    @classmethod
    @cache
    def final_states(cls) -> frozenset[str]:
        """States that nothing leads out of."""
        return frozenset(cls.STATES.values) - {
            place for declared in cls.transitions().values() for place in declared.sources
        }

    @classmethod
    @cache
    def ended_states(cls) -> frozenset[str]:
        """Final or resting: nobody owes anything."""
        return cls.final_states() | {str(state) for state in cls.RESTING}

    @classmethod
    def visible_q(cls, user: Actor) -> models.Q:
        """The rows that `user` may see by role and relation: one OR-ed WHERE over organisation keys and states."""
        seen = models.Q(pk__in=())
        for role in user.role_map:
            seen |= cls.visible_by(user, role)
        return seen

    @classmethod
    def visible_by(cls, user: Actor, role: str) -> models.Q:
        """Those that `user` may see in this role."""
        states = [state for state, viewers in cls.ACCESS.items() if role in viewers.roles]
        if not states or role not in cls.RELATIONS:
            return models.Q(pk__in=())
        mine = cls.RELATIONS[role].rows(cls, user.role_map[role], user)
        if role in cls.GRANTED:
            mine &= grants.granted_q(cls, user, cls.GRANTED[role])
        return mine if len(states) == len(cls.ACCESS) else mine & models.Q(state__in=states)


class CaseQuerySet(models.QuerySet[C]):
    """What every kind's rows can be asked for."""

    def visible_to(self, user: Actor, *, by_key: bool = False) -> Self:
        """By role and relation, or because the person was granted access to this one case.

        With `by_key` (a number, a neighbour) grants are joined to the few rows. In lists that would keep every index
        from being used, so there the ids are read first; they are almost always none.
        """
        return self.filter(self.model.visible_q(user) | grants.named_q(self.model, user, by_key=by_key))

    def for_lists(self) -> Self:
        """Only what a row of a list or of the inbox shows."""
        return self


def case_types() -> dict[str, type[Case]]:
    """Every lifecycle in use, by its CASE_TYPE."""
    return {model.CASE_TYPE: model for model in apps.get_models() if issubclass(model, Case)}


@cache
def _address(case_type: str) -> tuple[str, str]:
    """What comes before and after the number in the address of a page; to reverse each is a third of a list's row."""
    before, _number, after = reverse(case_type, args=["X-0"]).partition("X-0")
    return before, after


def _ordered(cls: type[Case], declared: dict[str, T]) -> dict[str, T]:
    order = {str(action): place for place, action in enumerate(cls.ACTIONS.values)}
    return dict(sorted(declared.items(), key=lambda item: order.get(item[0], len(order))))
