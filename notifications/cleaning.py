"""Removes what nobody needs any more: ended sessions, old attempts to sign in, forms, requests and files."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet

from cases.ground.clock import database_now
from cases.ground.models import SubmittedForm
from cases.registry.models import LinkRequest, Upload
from workflow.trail.unclaimed import unclaimed, unfinished

log = logging.getLogger(__name__)

ATTEMPTS_KEPT = timedelta(days=1)
"""Far longer than the longest wait after wrong passwords."""
LOG_KEPT = timedelta(days=90)
MOST_UNCLAIMED = 20
"""Files that no row names. More of them at once are no leftovers: the database may be an older one than the files."""


def clean_up() -> int:
    """Returns how many rows and files were removed. Does no harm when it is done twice."""
    now = database_now()
    rows: tuple[QuerySet[Model], ...] = (
        Session.objects.filter(expire_date__lt=now),
        AccessAttempt.objects.filter(attempt_time__lt=now - ATTEMPTS_KEPT),
        AccessLog.objects.filter(attempt_time__lt=now - LOG_KEPT),
        AccessFailureLog.objects.filter(attempt_time__lt=now - LOG_KEPT),
        SubmittedForm.objects.outdated(),
        LinkRequest.objects.outdated(),
        Upload.objects.outdated(),
    )
    removed = sum(old.delete()[0] for old in rows) + _remove(unfinished(now))
    files = _remove(_leftovers(unclaimed(now)))
    log.info("Cleaned up: %s rows and files removed, and %s files that no row names.", removed, files)
    return removed + files


def _leftovers(files: list[Path]) -> list[Path]:
    if len(files) <= MOST_UNCLAIMED:
        return files
    log.error(
        "%s files are named by no row. They are kept: was an older backup of the database restored?"
        " `manage.py unclaimed_files` lists them, and removes them with --remove.",
        len(files),
    )
    return []


def _remove(files: Sequence[Path]) -> int:
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)
