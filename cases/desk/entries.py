"""Tasks, comments and history lines of a case, as its pages show them; nothing here asks the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Self, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from cases.desk.kinds import kind_of, kinds
from cases.desk.models import Comment
from cases.registry.models import User
from workflow.case import Case
from workflow.may import Option
from workflow.models import Expectation
from workflow.roles import Role
from workflow.trail.history import HistoryLine

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Named(Generic[M]):
    """A record, and the name of the person it is from or assigned to."""

    record: M
    name: str


@dataclass(frozen=True)
class Task:
    """Something that has to be done now: what, by whom.

    `is_mine` when the reader may do it, `is_prepared` when they may prepare it; `is_extra` when it is expected in
    addition to what the state expects, on a date of its own.
    """

    expectation: Expectation
    label: str
    organisation: str
    assignee: str
    is_mine: bool
    is_prepared: bool
    is_extra: bool

    @property
    def role(self) -> str:
        return str(Role(self.expectation.role).label)

    @property
    def helper(self) -> str:
        helper = self.expectation.helper_role
        return str(Role(helper).label) if helper else ""


@dataclass(frozen=True)
class Remark:
    """A comment, as components/comment.html takes it; `audience` says who reads it."""

    is_internal: bool
    audience: str
    who: str
    at: datetime
    text: str


@dataclass(frozen=True)
class HistoryEntry:
    """A line of the history; for which organisation the person acted, and the number where it is not the case's own.

    `is_compared` when its long texts show word by word what differs.
    """

    line: HistoryLine
    organisation: str
    number: str
    is_compared: bool = False


@dataclass(frozen=True)
class Button:
    """An act that the reader's roles may do on the case or on one that is shown on its page."""

    option: Option
    url: str
    number: str
    is_answer: bool
    """Whether it answers a task that is the reader's now."""

    @property
    def label(self) -> str:
        return self.option.label

    @property
    def id(self) -> str:
        return f"{self.number}-{self.option.action}" if self.number else self.option.action


def tasks(case: Case, owed: Iterable[Named[Expectation]], reader: User, organisations: Mapping[int, str]) -> list[Task]:
    """What the state expects first, then what cases shown on its page expect, then what has a date of its own."""
    shown = [_task(case, named, reader, organisations) for named in owed]
    return sorted(shown, key=lambda task: (task.is_extra, task.expectation.subject_type != case.CASE_TYPE))


def task_label(owed: Expectation) -> str:
    """What has to be done; of a case that is shown on another one's page with its number."""
    kind = kinds()[owed.subject_type]
    name = kind.task_name(owed.action)
    return f"{name} {owed.number}" if kind.is_part else name


def remarks(comments: Iterable[Named[Comment]], seen: str) -> list[Remark]:
    """`seen` says who reads those that are not internal."""
    internal = _("Internal: the institution does not see this")
    return [_remark(named.record, named.name, internal if named.record.is_internal else seen) for named in comments]


def entries(
    lines: Sequence[HistoryLine], own_numbers: Iterable[str], organisations: Mapping[int, str]
) -> list[HistoryEntry]:
    own = set(own_numbers)
    return [
        HistoryEntry(line, organisations.get(line.organisation_id or 0, ""), "" if line.number in own else line.number)
        for line in lines
    ]


@dataclass(frozen=True)
class Choices:
    """The reader's buttons in the order of their use: what answers a task, what else can be done, what cannot yet.

    Acts that end or annul something stand apart.
    """

    answers: list[Button]
    others: list[Button]
    blocked: list[Button]
    dangers: list[Button]

    @classmethod
    def of(cls, buttons: Sequence[Button]) -> Self:
        usual = [button for button in buttons if not button.option.danger]
        dangers = [button for button in buttons if button.option.danger]
        ready = [button for button in usual if not button.option.blocked]
        return cls(
            [button for button in ready if button.is_answer],
            [button for button in ready if not button.is_answer],
            [button for button in usual if button.option.blocked],
            sorted(dangers, key=lambda button: bool(button.option.blocked)),
        )

    def __bool__(self) -> bool:
        return bool(self.answers or self.others or self.blocked)


def in_turn(options: Sequence[Option], case: Case, owed: Sequence[Task], *, is_own: bool = True) -> list[Button]:
    """The buttons of a case: those that answer an open task of the reader first."""
    wanted = {task.expectation.action for task in owed if task.expectation.subject_id == case.pk and task.is_mine}
    number = "" if is_own else case.number
    kind = kind_of(case)
    buttons = [Button(option, kind.act_url(case, option.action), number, option.action in wanted) for option in options]
    return sorted(buttons, key=lambda button: not button.is_answer)


def _remark(comment: Comment, who: str, audience: str) -> Remark:
    return Remark(comment.is_internal, audience, who, comment.written_at, comment.text)


def _task(case: Case, named: Named[Expectation], reader: User, organisations: Mapping[int, str]) -> Task:
    owed = named.record
    return Task(
        owed,
        task_label(owed),
        organisations.get(owed.organisation_id, ""),
        named.name if owed.assignee_id else "",
        is_mine=owed.is_owed_by(reader),
        is_prepared=owed.is_prepared_by(reader),
        is_extra=bool(owed.key) and owed.days is None,
    )
