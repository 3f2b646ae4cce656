"""Files that no row names are found and removed once no upload can be under way; all others stay."""

import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, models

from cases.desk.models import Document, Export
from cases.desk.talking import add_document
from cases.followup.verbs import attach
from cases.ground.storage import received
from cases.planning.models import DeliverableFile
from cases.planning.verbs import attach_file, detach_file
from cases.registry.verbs import add_act, change_act, fingerprint
from notifications.cleaning import MOST_UNCLAIMED, clean_up
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.files import PDF, upload
from tests.kinds.engagements import make_deliverable
from tests.kinds.toys import make_visit
from tests.registry.acting import ACT
from workflow.trail.unclaimed import UNDER_WAY, unclaimed
from workflow.trail.verification import verify_and_record

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


def lose_the_row() -> None:
    """An upload whose connection to the database is lost when the row is written: its file stays."""
    with pytest.raises(OperationalError), received(upload("lost.pdf", PDF + b"lost")):
        raise OperationalError("the connection is lost")


def age(folder: Path, by: timedelta = UNDER_WAY + timedelta(minutes=1)) -> None:
    then = time.time() - by.total_seconds()
    for path in folder.glob("??/*"):
        os.utime(path, (then, then))


def whole(folder: Path) -> set[Path]:
    return {path for path in folder.glob("??/*") if path.suffix != ".part"}


@pytest.fixture
def claimed(cast: Cast, folder: Path) -> set[Path]:
    """A file of each kind of record, one that was replaced and one that was removed among them."""
    attach(make_recommendation(cast, "in_progress"), upload(), by=cast.officer)
    add_document(make_visit(cast, "running"), upload(), by=cast.expert)
    act = add_act(by=cast.registrar, upload=upload("first.pdf"), **ACT)
    change_act(act, by=cast.registrar, seen=fingerprint(act), upload=upload("second.pdf"))
    deliverable = make_deliverable(cast)
    attach_file(deliverable, upload("terms.pdf"), by=cast.expert)
    detach_file(attach_file(deliverable, upload("draft.pdf"), by=cast.expert), by=cast.expert)
    assert len(whole(folder)) == 6
    return whole(folder)


def test_the_daily_round_removes_what_no_row_names_and_says_how_many(
    claimed: set[Path], folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lose_the_row()
    lose_the_row()
    age(folder)
    lose_the_row()
    young = whole(folder) - claimed
    assert len(young) == 3
    with caplog.at_level(logging.INFO):
        assert clean_up() == 2
    assert "0 rows and files removed, and 2 files that no row names." in caplog.text
    left = whole(folder)
    assert left >= claimed
    assert len(left - claimed) == 1, "an upload may be under way"
    age(folder)
    assert clean_up() == 1
    assert whole(folder) == claimed


def test_a_clock_that_is_ahead_does_not_make_files_old(folder: Path) -> None:
    lose_the_row()
    assert unclaimed(NOW + 2 * DAY) == []
    age(folder)
    assert unclaimed(NOW - 2 * DAY) == []
    assert len(unclaimed(NOW + 2 * DAY)) == 1


def test_many_at_once_are_kept_until_somebody_has_seen_them(
    cast: Cast, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As after an older backup of the database was restored."""
    for _number in range(MOST_UNCLAIMED + 1):
        lose_the_row()
    age(folder)
    assert clean_up() == 0
    assert f"{MOST_UNCLAIMED + 1} files are named by no row. They are kept" in caplog.text
    assert len(whole(folder)) == MOST_UNCLAIMED + 1
    assert _command().splitlines()[-1] == f"{MOST_UNCLAIMED + 1} files that no row names"
    assert _command("--remove").splitlines()[-1] == f"{MOST_UNCLAIMED + 1} files removed"
    assert whole(folder) == set()


def test_the_command_lists_them(claimed: set[Path], folder: Path) -> None:
    lose_the_row()
    age(folder)
    [path] = whole(folder) - claimed
    assert _command() == f"{path.relative_to(folder)} {path.stat().st_size} bytes\n1 files that no row names\n"
    assert path.exists()
    _command("--remove")
    assert whole(folder) == claimed


def _document(cast: Cast) -> Document:
    return add_document(make_visit(cast, "running"), upload(), by=cast.expert)


def _deliverable_file(cast: Cast) -> DeliverableFile:
    return attach_file(make_deliverable(cast), upload(), by=cast.expert)


@pytest.mark.parametrize("kept", [_document, _deliverable_file])
def test_a_file_is_compared_with_what_was_received(
    cast: Cast, folder: Path, kept: Callable[[Cast], Document | DeliverableFile]
) -> None:
    file = kept(cast)
    assert verify_and_record().is_sound
    (folder / file.path).write_bytes(b"another")
    finding = verify_and_record().finding
    assert finding.endswith(f" {file.pk}: the file {file.path} is not the one that was received.")


def test_every_model_that_keeps_a_file_says_where() -> None:
    """Else its files would be compared with nothing, and removed as nobody's. Long tables lie in a folder apart."""
    keeping = {
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField) and "sha256" in field.name and _path_of(model)
    }
    assert {Document, Export} <= keeping
    assert {model for model in keeping if not hasattr(model, "TRAIL_FILE")} == {Export}


def _path_of(model: Any) -> str:
    names = [field.name for field in model._meta.concrete_fields]
    return next((name for name in names if name == "path" or name.endswith("_path")), "")


def _command(*options: str) -> str:
    out = StringIO()
    call_command("unclaimed_files", *options, stdout=out)
    return out.getvalue()
