"""What the lines of deliverables share: their columns, their contents, and what does not fit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.utils.text import capfirst

from cases.registry.models import Criterion, LegalAct, Organisation, ProgrammeArea
from workflow.texts import Text

if TYPE_CHECKING:
    from cases.planning.models.deliverables import Deliverable

MOST_LINES = 1_000
"""Of one deliverable: its page and its versions hold all of them."""


@dataclass(frozen=True)
class Misfit:
    """Why lines cannot be submitted as they are."""

    lines: Sequence["Line"]
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class LineFault:
    """Why a line cannot be stored; `about` is the column that does not fit."""

    line: "Line"
    about: str
    sentence: str


class Line(models.Model):
    """One line; `place` keeps the order in which the lines were written and is part of their address."""

    COLUMNS: ClassVar[Sequence[str]]
    """What people fill in."""
    SHOWN: ClassVar[Sequence[str]]
    """The columns of the table, with those that follow from others."""
    SUMMED: ClassVar[str] = ""
    """The column whose values are added up."""
    NAMED_BY: ClassVar[str]
    """The column by which people recognise a line."""
    KEPT: ClassVar[Sequence[str]] = ()
    """Columns whose value a new line mostly takes over from the line before."""
    ALONG: ClassVar[Sequence[str]] = ()
    """What is read along besides that which the columns refer to."""

    if TYPE_CHECKING:
        deliverable: "models.ForeignKey[Deliverable, Deliverable]"

    place = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, self.NAMED_BY))

    @classmethod
    def of(cls, deliverable: "Deliverable") -> "QuerySet[Line]":
        """The lines of one deliverable, with what they refer to."""
        related = [field.name for field in cls._meta.fields if field.is_relation and field.name in cls.COLUMNS]
        return cls._default_manager.filter(**{"deliverable": deliverable}).select_related(*related, *cls.ALONG)

    @classmethod
    def name_of(cls, column: str) -> Text:
        """What a column is called, within a sentence."""
        name: Text = getattr(cls._meta.get_field(column), "verbose_name", column)
        return name

    @classmethod
    def label(cls, column: str) -> str:
        """What a column is called, above it."""
        return str(capfirst(str(cls.name_of(column))))

    @classmethod
    def words(cls, name: str) -> Mapping[str, Text]:
        """The values of a column and what they are called, where it has such."""
        field = cls._meta.get_field(name)
        choices = getattr(field, "flatchoices", ())
        return {str(value): label for value, label in choices}

    @property
    def sequel(self) -> str:
        """What has become of it; a line of which something has become stays as it is."""
        return ""

    def contents(self) -> dict[str, str]:
        """What of it is decided on."""
        return {name: _written(getattr(self, name)) for name in self.COLUMNS}

    def fill(self, facts: Mapping[str, object]) -> None:
        """Take over what a person filled in, by column."""
        for name in set(self.COLUMNS) & facts.keys():
            value = facts[name]
            setattr(self, name, value.strip() if isinstance(value, str) else value)

    @classmethod
    def faults(cls, deliverable: "Deliverable", lines: "Iterable[Line]") -> Iterator[LineFault]:
        """What cannot be stored."""
        return iter(())

    @classmethod
    def misfits(cls, deliverable: "Deliverable", lines: "Iterable[Line]") -> Iterator[Misfit]:
        """What is in the way of submitting these lines, which are all of the deliverable."""
        return iter(())


def _written(value: object) -> str:
    """A value as it is kept in versions and in the trail."""
    if isinstance(value, (Organisation, LegalAct, ProgrammeArea)):
        return value.code
    if isinstance(value, Criterion):
        return value.reference
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return "" if value is None else str(value)
