"""Removes what nobody needs any more: ended sessions, old attempts to sign in, forms, requests and files."""

import logging
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet

from cases.ground.clock import database_now
from cases.ground.models import SubmittedForm
from cases.registry.models import LinkRequest, Upload

log = logging.getLogger(__name__)

ATTEMPTS_KEPT = timedelta(days=1)
"""Far longer than the longest wait after wrong passwords."""
LOG_KEPT = timedelta(days=90)
UNFINISHED_FOR = timedelta(days=1)
"""After which an upload that was begun is not going on any more."""


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
    removed = sum(old.delete()[0] for old in rows) + _remove_unfinished()
    log.info("Cleaned up: %s rows and files removed.", removed)
    return removed


def _remove_unfinished() -> int:
    """Remove what a process that was killed left of uploads more than a day ago; returns how many files."""
    before = time.time() - UNFINISHED_FOR.total_seconds()
    removed = 0
    for path in Path(settings.EVIDENCE_DIR).glob("??/*.part"):
        with suppress(FileNotFoundError):  # An upload that ends at this moment is renamed.
            if path.stat().st_mtime < before:
                path.unlink()
                removed += 1
    return removed
