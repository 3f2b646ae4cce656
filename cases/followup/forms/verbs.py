"""What the forms of the verbs share: what a refusal leaves in them, the version seen, rows of like fields."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Self

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from cases.ground.refusals import refuse
from workflow.door import Refused, Stale


class VerbForm(forms.Form):
    """A form whose verb may refuse: it comes back with everything typed and the sentence."""

    is_stale = False

    def refuse(self, refused: Refused) -> None:
        self.is_stale = isinstance(refused, Stale)
        refuse(self, refused)

    def done(self, verb: Callable[[], object]) -> bool:
        """Whether the verb did what was asked."""
        try:
            verb()
        except Refused as refused:
            self.refuse(refused)
            return False
        return True


class VersionedForm(VerbForm):
    """A form that is filled on a version of the case; sent again after a refusal, it goes by the case shown beside."""

    version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("The form did not say which version of the case you saw. Look at the case and send it again."),
        ),
    )

    def keep_beginnings(self) -> None:
        """Let the page carry along what each field began with, so that it is known later which were touched."""
        for field in self.fields.values():
            field.show_hidden_initial = not field.widget.is_hidden

    def take_over(self, contents: Mapping[str, Any]) -> None:
        """Fields that the person left alone show what stands there now; what was typed stays."""
        data: Any = self.data
        touched, data = set(self.changed_data), data.copy()
        for name, field in self.fields.items():
            if not field.show_hidden_initial:
                continue
            now = field.prepare_value(contents.get(name))
            data[self.add_initial_prefix(name)] = "" if now is None else str(now)
            if name not in touched:
                data[name] = "" if now in (None, False) else str(now)
        self.data = data

    def go_by(self, version: int) -> None:
        data: Any = self.data
        self.data = data = data.copy()
        data["version"] = str(version)


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
