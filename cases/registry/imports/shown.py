"""What the pages of a preview show, kept with the table: comparing thousands of rows for each page takes long."""

from dataclasses import dataclass
from typing import Self

from django.utils.translation import get_language

from cases.registry.imports.importing import preview
from cases.registry.imports.preview import Preview, PreviewRow, Problem, RowStatus
from cases.registry.models import Upload, User

Kept = tuple[int, str, str, list[tuple[str, str]], list[tuple[str, str, str]]]
"""A row as it is kept: number, name, status, problems, differences."""


@dataclass(frozen=True)
class ShownRow:
    number: int
    name: str
    status: RowStatus
    problems: list[Problem]
    differences: list[tuple[str, str, str]]

    @classmethod
    def of(cls, kept: Kept) -> Self:
        number, name, status, problems, differences = kept
        return cls(number, name, RowStatus(status), [Problem(*problem) for problem in problems], differences)


@dataclass(frozen=True)
class Shown:
    """A preview as it was when it was made, in one language; `steps` and `asked` are numbers."""

    language: str
    fingerprint: str
    is_valid: bool
    steps: int
    asked: int
    counts: dict[str, int]
    rows: list[Kept]

    @classmethod
    def of(cls, made: Preview) -> Self:
        return cls(
            language=get_language() or "",
            fingerprint=made.fingerprint(),
            is_valid=made.is_valid,
            steps=len(made.steps()),
            asked=len(made.asked()),
            counts=made.counts(),
            rows=[_kept(line) for line in made.lines],
        )

    def with_status(self, status: str) -> list[Kept]:
        """The rows with this status; all rows where it is empty."""
        return [row for row in self.rows if status in ("", row[2])]


def shown_preview(upload: Upload, *, by: User) -> Shown:
    """Computed when it is first asked for in the reader's language, and again after `forget()`."""
    if upload.shown is None or upload.shown["language"] != get_language():
        upload.shown = vars(Shown.of(preview(upload, by=by)))
        Upload.objects.filter(pk=upload.pk).update(shown=upload.shown)
    return Shown(**upload.shown)


def forget(upload: Upload) -> None:
    """The registry may have changed: let the next page show what would be done now."""
    Upload.objects.filter(pk=upload.pk).update(shown=None)


def _kept(line: PreviewRow) -> Kept:
    problems = [(problem.column, problem.sentence) for problem in line.problems]
    return line.number, line.name, line.status, problems, [] if problems else line.differences()
