"""Long tables: asked for by a page, made by the worker, handed out to the person who asked for them."""

import hashlib
import json
import logging
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import transaction
from django.dispatch import Signal
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from cases.desk.kinds import Kind, kinds
from cases.desk.models import Export, ExportStatus
from cases.desk.tables import table_of
from cases.ground.clock import database_now
from cases.ground.export import XLSX, write_workbook
from cases.registry.models import User
from cases.registry.verbs.recording import Action
from workflow.case import case_types
from workflow.door import Refused
from workflow.grants import table_of as grants_of
from workflow.models import Event
from workflow.parties import Watching
from workflow.trail.files import sha256_of
from workflow.trail.recording import Entry, record

log = logging.getLogger(__name__)

AT_ONCE = 3
"""Tables that one person may wait for."""
LEASE = timedelta(minutes=30)
"""After which a worker that has not finished a table is presumed dead; a million rows take some five minutes."""
ATTEMPTS = 3
FOLDER = "exports"

made = Signal()
"""Sent in the transaction with `export` and `event`."""


def ask(kind: Kind, query: str, *, by: User) -> Export:
    """Have the table made; the same one, asked for again, is the one under way. Raises Refused."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    table_of(kind, by, QueryDict(query))
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        mine = Export.objects.visible_to(by).unfinished()
        known = mine.filter(kind=kind.name, query=query, language=language).first()
        if known is None and mine.count() >= AT_ONCE:
            raise Refused(_("You are waiting for %(count)d tables already. Wait for one of them.") % {"count": AT_ONCE})
        return known or Export.objects.create(owner=by, kind=kind.name, query=query, language=language)


def rights_of(user: User) -> str:
    """What the person may see rests on this: their roles by organisation, the cases that they were let in to, and those
    that name them to watch over.
    """
    roles = sorted((role, sorted(organisations)) for role, organisations in user.role_map.items())
    tables = filter(None, map(grants_of, case_types().values()))
    granted = [
        sorted(table.objects.filter(user_id=user.pk).values_list("content_object_id", flat=True)) for table in tables
    ]
    watched = [
        sorted(model._base_manager.filter(**{relation.person: user.pk}).values_list("pk", flat=True))
        for model in case_types().values()
        for role, relation in model.RELATIONS.items()
        if isinstance(relation, Watching) and role in user.role_map
    ]
    return hashlib.sha256(json.dumps([user.is_active, roles, granted, watched]).encode()).hexdigest()


def make_next() -> bool:
    """Make the table that waits longest; whether there was one."""
    export = _claim()
    if export is None:
        return False
    _remove_files(export)
    if export.attempt > ATTEMPTS:
        log.error("The table %s ended its worker each time.", export.pk)
        _fail(export)
        return True
    try:
        _make(export)
    except DatabaseTrouble:
        raise  # It is tried again when the lease is over.
    except Exception:  # Whatever it is, it must not keep the other tables from being made.
        log.exception("The table %s could not be made.", export.pk)
        _fail(export)
    return True


def remove_outdated() -> int:
    """Remove the files that are kept no longer; returns how many."""
    outdated = list(Export.objects.outdated(database_now()))
    for export in outdated:
        _remove_files(export)
        Export.objects.filter(pk=export.pk).update(path="")
    return len(outdated)


def _claim() -> Export | None:
    """Leases go by one clock, the database's."""
    with transaction.atomic():
        now = database_now()
        export = Export.objects.to_make(now).select_for_update(skip_locked=True).first()
        if export:
            export.status, export.attempt, export.due_at = ExportStatus.MAKING, export.attempt + 1, now + LEASE
            export.save(update_fields=["status", "attempt", "due_at"])
    return export


def _make(export: Export) -> None:
    owner = User.objects.get(pk=export.owner_id)
    rights = rights_of(owner)
    path = _folder() / f"{export.pk}-{export.attempt}"
    with translation.override(export.language):
        table = table_of(kinds()[export.kind], owner, QueryDict(export.query))
        with closing(table.cells()) as cells:
            rows = write_workbook(str(path), table.header, cells)
        name = table.file_name("xlsx")
    with path.open("rb") as file:
        sha256 = sha256_of(file)
    place = str(path.relative_to(settings.EVIDENCE_DIR))
    with transaction.atomic():
        facts = {"name": name, "path": place, "content_type": XLSX, "sha256": sha256, "rights": rights}
        if not _finish(export, ExportStatus.READY, made_at=database_now(), **facts):
            path.unlink()
            return
        _tell(export, owner, {"file": name, "rows": rows, "query": export.query})


def _fail(export: Export) -> None:
    with transaction.atomic():
        if _finish(export, ExportStatus.FAILED):
            _tell(export, User.objects.get(pk=export.owner_id), {"query": export.query})
    _remove_files(export)


def _finish(export: Export, status: ExportStatus, **facts: object) -> bool:
    """Whether it is still this worker's: a worker that was presumed dead leaves the table to the next."""
    mine = Export.objects.filter(pk=export.pk, attempt=export.attempt, status=ExportStatus.MAKING)
    export.status = status
    return bool(mine.update(status=status, **facts))


def _tell(export: Export, owner: User, details: dict[str, object]) -> Event:
    """On the trail, as many rows leave at once; and to the owner."""
    action = Action.EXPORT if export.status == ExportStatus.READY else Action.EXPORT_FAILED
    [event] = record([Entry(User.TRAIL_TYPE, owner.pk, owner.code, action, by=owner, details=details)])
    Export.objects.filter(pk=export.pk).update(event=event)
    made.send(Export, export=export, event=event)
    return event


def _remove_files(export: Export) -> None:
    """Those of all attempts."""
    for path in _folder().glob(f"{export.pk}-*"):
        path.unlink(missing_ok=True)


def _folder() -> Path:
    """Next to the evidence, as web and worker share it."""
    folder = Path(settings.EVIDENCE_DIR) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
