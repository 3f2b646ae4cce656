"""From an uploaded table to the registry: kept, planned anew each time it is looked at, taken or dismissed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.storage import clean_name
from cases.ground.tables import Row, read_upload
from cases.registry.imports import acts, organisations, people
from cases.registry.imports.cells import Column
from cases.registry.imports.plan import Plan
from cases.registry.models import Upload, User
from cases.registry.two_people import ask_many
from cases.registry.verbs.recording import Step, registrar, write
from workflow.door import Refused, Stale


@dataclass(frozen=True)
class Kind:
    """What may be imported: its columns, how a table of it is planned and written, and the present state as a table."""

    label: Any
    columns: Sequence[Column]
    plan: Callable[[Sequence[Row], User | None], Plan]
    batches: Callable[[Sequence[Step]], Iterator[list[Step]]]
    present: Callable[[], Iterator[list[Any]]]

    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.is_required]


KINDS = {
    "organisations": Kind(
        gettext_lazy("Organisations"),
        organisations.COLUMNS,
        organisations.plan,
        organisations.batches,
        organisations.present,
    ),
    "people": Kind(gettext_lazy("People"), people.COLUMNS, people.plan, people.batches, people.present),
    "acts": Kind(gettext_lazy("Legal acts"), acts.COLUMNS, acts.plan, acts.batches, acts.present),
}


def keep(kind: str, file: "UploadedFile[Any]", *, by: User) -> Upload:
    """Read the table and keep its rows for a day. Raises TableError, Refused."""
    registrar(by)
    rows = read_upload(file, KINDS[kind].required())
    Upload.objects.outdated().delete()
    return Upload.objects.create(kind=kind, name=clean_name(file.name or ""), rows=[asdict(row) for row in rows], by=by)


def plan(upload: Upload, *, by: User) -> Plan:
    """What taking the table would do now."""
    return KINDS[upload.kind].plan([Row(**row) for row in upload.rows], by)


def take(upload: Upload, *, by: User, seen: str, only_right: bool = False) -> dict[str, int]:
    """Write what the table says, all of it or `only_right` rows of it, and let go of the table.

    What takes two people is asked for, one request a row.

    `seen` is the fingerprint of the plan that was shown. Returns how many rows were of which status. Raises Refused
    (Stale when another plan would come of it now); then nothing is stored.
    """
    right = registrar(by)
    with transaction.atomic():
        locked = Upload.objects.select_for_update().filter(pk=upload.pk).first()
        if locked is None:
            raise Refused(_("This table was already imported or discarded."))
        found = plan(locked, by=by)
        if found.fingerprint() != seen:
            raise Stale(_("The registry has changed since then. Check the preview again."))
        if not found.is_right and not only_right:
            raise Refused(_("Some rows have errors. Correct the file, or choose to import only the valid rows."))
        for batch in KINDS[locked.kind].batches(_named(found, locked.name)):
            write(batch, right)
        ask_many([people.wanted(step) for step in found.asked()], by=by)
        locked.delete()
    return found.counts()


def _named(found: Plan, name: str) -> list[Step]:
    """The steps, each with the file and the row that it comes from."""
    return [
        replace(step, details={**step.details, "file": name, "row": line.number})
        for line in found.lines
        if not line.problems
        for step in line.steps
    ]
