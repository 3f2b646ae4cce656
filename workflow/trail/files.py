"""Compares stored files with the SHA-256 that was recorded when they were received.

A model whose rows have files names the columns of path, SHA-256 and size in TRAIL_FILE. Files lie in EVIDENCE_DIR.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import IO

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Sum
from django.db.models.functions import Mod

from workflow.terms import legal_date
from workflow.trail.findings import TrailFault

PER_DAY = 20 * 1024**3
"""Bytes that are read a day at most; where more is stored, a part of it is read each day, and in turn all of it."""
AT_ONCE = 200 * 1024**2
"""Bytes that an act reads at most, as a person waits for it."""
BATCH = 500


def findings(*, parts: int | None = None, on: date | None = None) -> Iterator[TrailFault]:
    """What is wrong with the files read today: one of `parts` equal parts, or of as many as PER_DAY demands."""
    day = (on or legal_date()).toordinal()
    for model in with_files():
        yield from _of_files(model, parts or parts_of(model), day)


def differing(files: Iterable[tuple[str, str, int]]) -> Iterator[str]:
    """Of files as (path, SHA-256, size), the paths of those that are lost or not what was received.

    Of what is beyond AT_ONCE only the sizes are compared; the daily comparison reads all.
    """
    left = AT_ONCE
    for place, recorded, size in files:
        left -= size
        if _fault(place, recorded) if left >= 0 else _size(place) != size:
            yield place


def with_files() -> dict[type[Model], tuple[str, str, str]]:
    """The models whose rows have files: the columns of path, SHA-256 and size."""
    return {model: model.TRAIL_FILE for model in apps.get_models() if hasattr(model, "TRAIL_FILE")}


def parts_of(model: type[Model]) -> int:
    _path, _sha256, size = with_files()[model]
    stored = model._base_manager.aggregate(stored=Sum(size))["stored"] or 0
    return 1 + int(stored) // PER_DAY


def sha256_of(file: IO[bytes]) -> str:
    """Of what is left to read in the file; memory stays constant."""
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _of_files(model: type[Model], parts: int, day: int) -> Iterator[TrailFault]:
    path, sha256, _size = with_files()[model]
    rows = model._base_manager.exclude(**{path: ""}).annotate(part=Mod("pk", parts)).filter(part=day % parts)
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", path, sha256)[:BATCH]):
        last = batch[-1][0]
        for pk, place, recorded in batch:
            if fault := _fault(place, recorded):
                yield TrailFault(fault, {"model": model._meta.label, "subject_id": str(pk), "path": place})


def _size(place: str) -> int | None:
    try:
        return (Path(settings.EVIDENCE_DIR) / place).stat().st_size
    except OSError:
        return None


def _fault(place: str, recorded: str) -> str:
    try:
        with (Path(settings.EVIDENCE_DIR) / place).open("rb") as file:
            return "" if sha256_of(file) == recorded else "file_changed"
    except OSError:
        return "file_lost"
