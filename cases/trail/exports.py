"""Handing out the trail: what the filter shows as .csv, whole chains for verify.py, and that program itself."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from cases.ground.export import csv_response
from cases.ground.limits import patiently
from cases.registry.models import Organisation
from cases.trail.words import TrailLine
from workflow.models import Event, EventQuerySet
from workflow.terms import legal_date
from workflow.trail import verify
from workflow.trail.verification import BATCH, export_lines, snapshot

R = TypeVar("R", bound=HttpResponseBase)


def as_csv(events: EventQuerySet) -> StreamingHttpResponse:
    """Row by row, so that memory does not depend on how many there are."""
    header = [
        _("Event"), _("Time"), _("Person"), _("Role"), _("Organisation"), _("Kind"), _("Case"), _("Action"),
        _("State before"), _("State after"), _("Step"), _("Hash"),
    ]  # fmt: skip
    return csv_response(f"{_basename()}.csv", header, _cells(events, get_language() or ""))


def for_verifier(concerning: EventQuerySet | None) -> StreamingHttpResponse:
    """The whole chain of every subject that has an event in `concerning`, or of all subjects."""
    response = StreamingHttpResponse(_json_lines(concerning), content_type="application/jsonl; charset=utf-8")
    return _named(response, f"{_basename()}.jsonl")


def verifier() -> HttpResponse:
    program = Path(verify.__file__).read_bytes()
    return _named(HttpResponse(program, content_type="text/x-python; charset=utf-8"), "verify.py")


def _cells(events: EventQuerySet, language: str) -> Iterator[list[object]]:
    with override(language), patiently(), snapshot():
        names = {organisation.pk: str(organisation) for organisation in Organisation.objects.all()}
        for event in events.select_related("actor").iterator(BATCH):
            yield _row(TrailLine(event, names.get(event.organisation_id or 0, "")))


def _row(line: TrailLine) -> list[object]:
    event: Event = line.event
    return [
        event.pk, event.at, line.actor, line.role, line.organisation, line.subject, event.number, line.action,
        line.source, line.target, event.position, event.hash,
    ]  # fmt: skip


def _json_lines(concerning: EventQuerySet | None) -> Iterator[str]:
    with patiently(), snapshot():
        for line in export_lines(concerning):
            yield json.dumps(line, ensure_ascii=False) + "\n"


def _basename() -> str:
    return f"trail-{legal_date():%Y-%m-%d}"


def _named(response: R, filename: str) -> R:
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    return response
