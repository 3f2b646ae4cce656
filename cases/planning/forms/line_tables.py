"""Lines of a deliverable from a table: uploaded, or pasted from a spreadsheet."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Unpack

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.desk.forms import VersionedForm
from cases.ground.cells import TableError
from cases.ground.fields import Files, FormOptions, Sent, TextField
from cases.ground.tables import MAX_SIZE, Row, heading, read_table, read_upload
from cases.ground.workbook import MEGABYTE
from cases.planning.forms.lines import FORMS, LineForm
from cases.planning.models import Deliverable, Line
from cases.planning.models.lines import MOST_LINES

NUMBER = "№"
MOST_PROBLEMS = 10
"""Said of one table at once."""


class LinesForm(VersionedForm):
    """A table of lines. The file comes last, so that all else has arrived when it is refused."""

    replaces = forms.BooleanField(label=gettext_lazy("Replace the lines that are there now"), required=False)
    pasted = TextField(
        label=gettext_lazy("Copied from a spreadsheet"),
        required=False,
        max_length=500_000,
        help_text=gettext_lazy("Copy the rows with their headings, and paste them here."),
    )
    table = forms.FileField(label=gettext_lazy("Or a file"), required=False)

    def __init__(self, data: Sent | None = None, files: "Files | None" = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        self.fields["table"].help_text = _(".xlsx or .csv, at most %(megabytes)d MB.") % {
            "megabytes": MAX_SIZE // MEGABYTE
        }

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        if not self.errors and bool(cleaned.get("pasted")) == bool(cleaned.get("table")):
            raise forms.ValidationError(_("Paste the rows, or choose a file."))
        return cleaned

    def lines_of(self, deliverable: Deliverable) -> list[dict[str, object]] | None:
        """What is to be stored; None when something is wrong, which the form then says with row and column."""
        about = "table" if self.cleaned_data["table"] else "pasted"
        try:
            return _lines(self._rows(), deliverable)
        except TableError as error:
            self.add_error(about, error.sentence)
        except forms.ValidationError as error:
            self.add_error(about, error)
        return None

    def _rows(self) -> list[Row]:
        table: UploadedFile[bytes] | None = self.cleaned_data["table"]
        if table:
            return read_upload(table, [])
        return read_table("pasted.csv", str(self.cleaned_data["pasted"]).encode(), [])


def _lines(rows: list[Row], deliverable: Deliverable) -> list[dict[str, object]]:
    """Raises TableError, or ValidationError with all that is wrong."""
    if len(rows) > MOST_LINES:
        raise TableError(_("A deliverable has at most %(most)d lines.") % {"most": MOST_LINES})
    names = _names(_model(deliverable), rows[0])
    forms_of = [(row.number, _form(row, names, deliverable)) for row in rows]
    problems = [problem for number, form in forms_of for problem in _mistyped(number, form)]
    problems = problems or list(_faults(forms_of, deliverable))
    if problems:
        more = [_("There is more that is wrong.")] if len(problems) > MOST_PROBLEMS else []
        raise forms.ValidationError([*problems[:MOST_PROBLEMS], *more])
    return [form.facts() for _number, form in forms_of]


def _form(row: Row, names: Mapping[str, str], deliverable: Deliverable) -> LineForm:
    data = {name: row.cells.get(written, "") for written, name in names.items()}
    return FORMS[_model(deliverable)]({**data, "version": deliverable.version}, deliverable=deliverable)


def _mistyped(number: int, form: LineForm) -> Iterator[str]:
    for name, errors in form.errors.items():
        for error in errors:
            yield _placed(form.deliverable, number, name, str(error))


def _faults(filled: Iterable[tuple[int, LineForm]], deliverable: Deliverable) -> Iterator[str]:
    """What no line of this deliverable may say; the place of a line is that of its row."""
    lines = []
    for number, form in filled:
        line = _model(deliverable)(place=number)
        line.fill(form.facts())
        lines.append(line)
    for fault in _model(deliverable).faults(deliverable, lines):
        yield _placed(deliverable, fault.line.place, fault.about, fault.sentence)


def _placed(deliverable: Deliverable, number: int, name: str, sentence: str) -> str:
    where = {"row": number, "column": _model(deliverable).label(name), "error": sentence}
    return _("Row %(row)d, column “%(column)s”: %(error)s") % where


def _model(deliverable: Deliverable) -> type[Line]:
    model = deliverable.line_model
    assert model is not None, "only asked for those that have lines"
    return model


def _names(model: type[Line], row: Row) -> dict[str, str]:
    """Heading -> column. Headings are names of columns, or what they are called in any language. Raises TableError."""
    known = _known(model)
    unknown = [written for written in row.cells if written not in known]
    if unknown:
        sentence = _("The heading “%(name)s” is not known. Known are: %(names)s.")
        raise TableError(sentence % {"name": unknown[0], "names": ", ".join(map(model.label, model.COLUMNS))})
    names = {written: known[written] for written in row.cells if known[written] in model.COLUMNS}
    required = [name for name, field in FORMS[model].base_fields.items() if field.required and name != "version"]
    missing = [name for name in required if name not in names.values()]
    if missing:
        columns = ", ".join(map(model.label, missing))
        raise TableError(_("These columns are missing: %(names)s.") % {"names": columns})
    return names


def _known(model: type[Line]) -> dict[str, str]:
    known = {NUMBER: NUMBER, **{heading(name): name for name in model.SHOWN}}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {heading(model.label(name)): name for name in model.SHOWN}
    return known
