"""Forms with rows of like fields, such as the measures of a plan."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Self

from django import forms
from django.forms import BoundField

from cases.desk.forms import VersionedForm


class RowsForm(VersionedForm):
    """A form with rows of like fields, `<name>_<place>` from 1 on; rows that are left empty do not count."""

    ROW: ClassVar[Mapping[str, Callable[[int], forms.Field]]]
    MOST = 100
    SPARE = 3

    rows = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, filled: int = 0, **options: Any) -> None:
        super().__init__(data, **options)
        sent = (data or self.initial).get("rows")
        self.count = max(1, min(_number(sent) if sent else filled + self.SPARE, self.MOST))
        self.initial["rows"] = self.count
        for place in range(1, self.count + 1):
            for name, make in self.ROW.items():
                self.fields[f"{name}_{place}"] = make(place)

    @classmethod
    def again(cls, data: Any, *, more: int = 0, **options: Any) -> Self:
        """The form as it was typed, not looked at yet, with more rows."""
        typed = {name: data[name] for name in data} | {"rows": _number(data.get("rows")) + more}
        return cls(initial=typed, **options)

    def shown_rows(self) -> Iterator[list[BoundField]]:
        for place in range(1, self.count + 1):
            yield [self[f"{name}_{place}"] for name in self.ROW]

    def filled_rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """(place, values) of the rows in which something was filled in; a value that was wrong is None."""
        for place in range(1, self.count + 1):
            names = {name: f"{name}_{place}" for name in self.ROW}
            if any(self.cleaned_data.get(field) or field in self.errors for field in names.values()):
                yield place, {name: self.cleaned_data.get(field) for name, field in names.items()}

    def require(self, place: int, values: Mapping[str, Any], sentences: Mapping[str, Any]) -> None:
        """Say in the row what is missing there."""
        for name, sentence in sentences.items():
            field = f"{name}_{place}"
            if not values[name] and field not in self.errors:
                self.add_error(field, sentence)


def _number(text: Any) -> int:
    return int(text) if str(text).isdecimal() and len(str(text)) < 5 else 0
