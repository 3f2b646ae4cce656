"""Compares stored files with the SHA-256 that was recorded when they were received.

A model whose rows have files names the columns of path, SHA-256 and size in TRAIL_FILE. Files lie in EVIDENCE_DIR.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import Mod

from workflow.terms import legal_date
from workflow.trail.findings import Finding

PER_DAY = 20 * 1024**3
"""Bytes that are read a day at most; where more is stored, a part of it is read each day, and in turn all of it."""
BATCH = 500


def findings(*, parts: int | None = None, on: date | None = None) -> Iterator[Finding]:
    """Of one of `parts` equal parts of all files, that of the day; without a number as many as PER_DAY asks for."""
    day = (on or legal_date()).toordinal()
    for model in apps.get_models():
        if hasattr(model, "TRAIL_FILE"):
            yield from _of_files(model, parts or parts_of(model), day)


def parts_of(model: Any) -> int:
    _path, _sha256, size = model.TRAIL_FILE
    stored = model._base_manager.aggregate(stored=Sum(size))["stored"] or 0
    return 1 + int(stored) // PER_DAY


def sha256_of(file: IO[bytes]) -> str:
    """Of what is left to read; memory stays constant."""
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _of_files(model: Any, parts: int, day: int) -> Iterator[Finding]:
    path, sha256, _size = model.TRAIL_FILE
    rows = model._base_manager.exclude(**{path: ""}).annotate(part=Mod("pk", parts)).filter(part=day % parts)
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", path, sha256)[:BATCH]):
        last = batch[-1][0]
        for pk, place, recorded in batch:
            if fault := _fault(place, recorded):
                yield Finding(fault, {"model": model._meta.label, "subject_id": str(pk), "path": place})


def _fault(place: str, recorded: str) -> str:
    try:
        with (Path(settings.EVIDENCE_DIR) / place).open("rb") as file:
            return "" if sha256_of(file) == recorded else "file_changed"
    except OSError:
        return "file_lost"
