"""Files on disk that no row names: left by an upload that was taken back, or that a crash cut off.

Each row of a model with a TRAIL_FILE claims its file. One that was replaced by another is claimed by the trail, which
keeps its SHA-256.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.conf import settings

from workflow.models import EventDetails
from workflow.trail.files import sha256_of

UNDER_WAY = timedelta(days=1)
"""No upload takes that long: what is older and has no row will not get one."""
UNFINISHED = ".part"
"""The ending of a file that is still being received."""
BATCH = 500


def unclaimed(now: datetime) -> list[Path]:
    """Whole files that no row names, older than any upload under way."""
    old = (path for path in _files(now) if path.suffix != UNFINISHED)
    left: list[Path] = []
    while batch := list(islice(old, BATCH)):
        left += _without_row(batch)
    return left


def unfinished(now: datetime) -> list[Path]:
    """What a process that was killed left of uploads, older than any upload under way."""
    return [path for path in _files(now) if path.suffix == UNFINISHED]


def _files(now: datetime) -> Iterator[Path]:
    """Those that are old enough by the slower of two clocks: this machine's and the database's."""
    before = min(time.time(), now.timestamp()) - UNDER_WAY.total_seconds()
    for path in sorted(Path(settings.EVIDENCE_DIR).glob("??/*")):
        with suppress(FileNotFoundError):  # An upload that ends at this moment is renamed, or removed.
            if path.stat().st_mtime < before:
                yield path


def _without_row(files: list[Path]) -> list[Path]:
    left = {str(path.relative_to(settings.EVIDENCE_DIR)): path for path in files}
    for model in apps.get_models():
        if hasattr(model, "TRAIL_FILE"):
            column = model.TRAIL_FILE[0]
            rows = model._base_manager.filter(**{f"{column}__in": list(left)})
            for place in rows.values_list(column, flat=True):
                del left[place]
    return [path for path in left.values() if not _is_in_the_trail(path)]


def _is_in_the_trail(path: Path) -> bool:
    models = (model for model in apps.get_models() if hasattr(model, "TRAIL_FILE"))
    types = [model.TRAIL_TYPE for model in models if hasattr(model, "TRAIL_TYPE")]
    with path.open("rb") as file:
        sha256 = sha256_of(file)
    return EventDetails.objects.filter(event__subject_type__in=types, text__contains=sha256).exists()
