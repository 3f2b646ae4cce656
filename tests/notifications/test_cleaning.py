"""What nobody needs any more does not stay: the rest does."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone

from cases.ground.models import SubmittedForm
from cases.registry.models import LinkRequest, Upload
from notifications.cleaning import ATTEMPTS_KEPT, LOG_KEPT, clean_up
from notifications.loop import Loop
from tests.cast import Cast

LITTLE = timedelta(minutes=1)


def test_what_is_old_goes_and_what_is_young_stays(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR = tmp_path
    now = timezone.now()
    for key, moment in (("old", now - LITTLE), ("young", now + LITTLE)):
        Session.objects.create(session_key=key, session_data="", expire_date=moment)
    kept = {AccessAttempt: ATTEMPTS_KEPT, AccessLog: LOG_KEPT, AccessFailureLog: LOG_KEPT}
    for model, span in kept.items():
        extra = {"failures_since_start": 1} if model is AccessAttempt else {}
        for name, moment in (("old", now - span - LITTLE), ("young", now - span + LITTLE)):
            row = model.objects.create(username=name, ip_address="10.0.0.1", user_agent=name, **extra)
            model.objects.filter(pk=row.pk).update(attempt_time=moment)
    day = timedelta(days=1)
    for name, moment in (("old", now - day - LITTLE), ("young", now - day + LITTLE)):
        SubmittedForm.objects.create(user_id=1, content=name, at=moment)
        LinkRequest.objects.create(email=name, at=moment)
        upload = Upload.objects.create(kind="acts", name=name, rows=[], by=cast.registrar)
        Upload.objects.filter(pk=upload.pk).update(at=moment)
        path = tmp_path / "ab" / f"{name}.part"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
        os.utime(path, (time.time(), moment.timestamp()))
    (tmp_path / "ab" / "whole").write_bytes(b"whole")

    assert clean_up() == 8
    assert list(Session.objects.values_list("session_key", flat=True)) == ["young"]
    for model in kept:
        assert list(model.objects.values_list("username", flat=True)) == ["young"]
    assert [SubmittedForm.objects.get().content, LinkRequest.objects.get().email] == ["young", "young"]
    assert Upload.objects.get().name == "young"
    assert sorted(path.name for path in (tmp_path / "ab").iterdir()) == ["whole", "young.part"]
    assert clean_up() == 0


def test_the_loop_and_the_schedule_do_it_every_day() -> None:
    from config.celery import app  # noqa: PLC0415 - as the other tests of the schedule do

    assert clean_up in [task.do for task in Loop().tasks]
    assert app.conf.beat_schedule["remove_old"]["schedule"] == 24 * 3600
