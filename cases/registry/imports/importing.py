"""From an uploaded table to the registry: stored, previewed against the present rows, imported or discarded."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.storage import clean_name
from cases.ground.tables import Row, read_upload
from cases.registry.imports import acts, organisations, people
from cases.registry.imports.cells import ImportColumn
from cases.registry.imports.preview import Preview
from cases.registry.models import Upload, User
from cases.registry.two_people import ask_many
from cases.registry.verbs.recording import Step, registrar, write
from workflow.door import Refused, Stale
from workflow.texts import Text


@dataclass(frozen=True)
class ImportKind:
    """What may be imported: its columns, how it is previewed and written, and the present state as a table."""

    label: Text
    columns: Sequence[ImportColumn]
    preview: Callable[[Sequence[Row], User | None], Preview]
    batches: Callable[[Sequence[Step]], Iterator[list[Step]]]
    present: Callable[[], Iterator[list[object]]]

    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.is_required]


KINDS = {
    "organisations": ImportKind(
        gettext_lazy("Organisations"),
        organisations.COLUMNS,
        organisations.preview,
        organisations.batches,
        organisations.present,
    ),
    "people": ImportKind(gettext_lazy("People"), people.COLUMNS, people.preview, people.batches, people.present),
    "acts": ImportKind(gettext_lazy("Legal acts"), acts.COLUMNS, acts.preview, acts.batches, acts.present),
}


def store_upload(kind: str, file: "UploadedFile[bytes]", *, by: User) -> Upload:
    """Read the table and store its rows for a day. Raises TableError, Refused."""
    registrar(by)
    rows = read_upload(file, KINDS[kind].required())
    Upload.objects.outdated().delete()
    return Upload.objects.create(kind=kind, name=clean_name(file.name or ""), rows=[asdict(row) for row in rows], by=by)


def preview(upload: Upload, *, by: User) -> Preview:
    """What importing the table would do now."""
    return KINDS[upload.kind].preview([Row(**row) for row in upload.rows], by)


def import_upload(upload: Upload, *, by: User, seen: str, only_valid: bool = False) -> dict[str, int]:
    """Apply the whole table, or its valid rows only, and delete the upload; what takes two people is requested.

    `seen` is the fingerprint of the preview that was shown. Returns how many rows have which status. Raises Refused
    (Stale when the preview would now be another one); then nothing is stored.
    """
    right = registrar(by)
    with transaction.atomic():
        locked = Upload.objects.select_for_update().filter(pk=upload.pk).first()
        if locked is None:
            raise Refused(_("This table was already imported or discarded."))
        current = preview(locked, by=by)
        if current.fingerprint() != seen:
            raise Stale(_("The registry has changed since then. Check the preview again."))
        if not current.is_valid and not only_valid:
            raise Refused(_("Some rows have errors. Correct the file, or choose to import only the valid rows."))
        for batch in KINDS[locked.kind].batches(_named(current, locked.name)):
            write(batch, right)
        ask_many([people.wanted(step) for step in current.asked()], by=by)
        locked.delete()
    return current.counts()


def _named(current: Preview, name: str) -> list[Step]:
    """The steps, each with the file and the row that it comes from."""
    return [
        replace(step, details={**step.details, "file": name, "row": line.number})
        for line in current.lines
        if not line.problems
        for step in line.steps
    ]
