"""Whether what was approved is still what it was: rows by their hash, files by their bytes, in few reads."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from cases.planning.joining import named
from workflow.lifecycles.deliverable import State
from workflow.rounds.approving import newest_rounds
from workflow.trail.files import differing

if TYPE_CHECKING:
    from cases.planning.models import Deliverable, DeliverableFile


def names_of_altered(rows: "QuerySet[Deliverable]") -> list[str]:
    """Of these deliverables, the approved ones that are not what was approved any more, by their names."""
    return list(map(named, altered(rows.filter(state=State.APPROVED).select_related("row"))))


def altered(rows: "QuerySet[Deliverable]") -> "Iterator[Deliverable]":
    """Of approved deliverables, those whose contents or files are not what their newest round approved."""
    approved = list(rows.prefetch_related("files", "versions"))
    rounds = newest_rounds(rows.model.CASE_TYPE, [deliverable.pk for deliverable in approved])
    lost = altered_files(file for deliverable in approved for file in deliverable.files_now())
    for deliverable in approved:
        is_lost = any(file.path in lost for file in deliverable.files_now())
        if is_lost or deliverable.differs_from(rounds.get(deliverable.pk)):
            yield deliverable


def altered_files(files: "Iterable[DeliverableFile]") -> set[str]:
    """The paths of those that are lost or not what was received, as far as `differing()` reads them."""
    return set(differing((file.path, file.sha256, file.size) for file in files))
