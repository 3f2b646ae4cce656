"""Forms with rows of like fields, such as the measures of a plan."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, Unpack

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from cases.desk.forms import VersionedForm
from cases.ground.fields import Cleaned, FormOptions, Sent


class RowsForm(VersionedForm):
    """A form with rows of like fields, `<name>_<place>` from 1 on; rows that are left empty do not count."""

    ROW: ClassVar[Mapping[str, Callable[[int], forms.Field]]]
    MANY: ClassVar[Sequence[str]] = ()
    """Fields of which several values are sent."""
    MOST = 100
    SPARE = 3

    rows = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Sent | None = None, *, filled: int = 0, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        sent = (data or self.initial).get("rows")
        self.count = max(1, min(_number(sent) if sent else filled + self.SPARE, self.MOST))
        self.initial["rows"] = self.count
        for place in range(1, self.count + 1):
            for name, make in self.ROW.items():
                self.fields[f"{name}_{place}"] = make(place)

    @classmethod
    def as_typed(cls, data: QueryDict, *, more: int = 0) -> dict[str, object]:
        """What was typed, to show the form again before it is checked, with more rows."""
        several = {name: data.getlist(name) for name in cls.MANY}
        return {**{name: data[name] for name in data}, **several, "rows": _number(data.get("rows")) + more}

    def shown_rows(self) -> Iterator[list[BoundField]]:
        for place in range(1, self.count + 1):
            yield [self[f"{name}_{place}"] for name in self.ROW]

    def filled_rows(self) -> Iterator[tuple[int, Cleaned]]:
        """(place, values) of the rows in which something was filled in; a value that was wrong is None."""
        for place in range(1, self.count + 1):
            names = {name: f"{name}_{place}" for name in self.ROW}
            if any(self.cleaned_data.get(field) or field in self.errors for field in names.values()):
                yield place, {name: self.cleaned_data.get(field) for name, field in names.items()}

    def require(self, place: int, values: Cleaned, sentences: Mapping[str, str]) -> None:
        """Say in the row what is missing there."""
        for name, sentence in sentences.items():
            field = f"{name}_{place}"
            if not values[name] and field not in self.errors:
                self.add_error(field, sentence)


def _number(typed: object) -> int:
    text = str(typed)
    return int(text) if text.isdecimal() and len(text) < 5 else 0
