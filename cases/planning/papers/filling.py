"""Fills the paper of a deliverable with what is known of its monitoring; what people wrote stays text."""

import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils import translation
from docxtpl import DocxTemplate

from cases.ground.fields import without_controls
from cases.ground.templatetags.baikoo import day
from cases.planning.models import CalendarEntry, ConclusionLine, Deliverable, Engagement, EstimateItem, Line
from cases.planning.papers.making import template_of
from cases.planning.papers.texts import LANGUAGES, PAPERS
from cases.planning.sections.lines import in_words, money
from cases.registry.models import Direction, InstitutionType

NOT_IN_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Lines = list[dict[str, str]]


def has_paper(deliverable: Deliverable) -> bool:
    return deliverable.row.kind in PAPERS


def paper_of(deliverable: Deliverable, language: str) -> bytes:
    """The paper as .docx, in Kyrgyz or Russian. Raises LookupError when there is none."""
    if language not in LANGUAGES or not has_paper(deliverable):
        raise LookupError(f"{deliverable.row.kind}-{language}")
    template = DocxTemplate(template_of(deliverable.row.kind, language))
    with translation.override(language):
        known = _cleaned({**_engagement(deliverable.engagement), **_deliverable(deliverable, language)})
    template.render(known, autoescape=True)
    file = io.BytesIO()
    template.save(file)
    return file.getvalue()


def _engagement(engagement: Engagement) -> dict[str, object]:
    levels, directions = dict(InstitutionType.choices), dict(Direction.choices)
    stages = list(engagement.stages_now().values())
    period = f"{day(stages[0].planned_start)} – {day(stages[-1].planned_end)}" if stages else ""
    return {
        "number": engagement.number,
        "title": engagement.title,
        "kind": engagement.get_kind_display(),
        "goal": engagement.goal,
        "directions": "; ".join(f"{number}. {directions[number]}" for number in engagement.directions),
        "levels": ", ".join(str(levels[level]) for level in engagement.levels),
        "dates": period,
        "legal_basis": engagement.legal_basis,
        "ministry": engagement.ministry,
        "department": engagement.department,
        "coordinator": engagement.coordinator,
        "contractor": engagement.contractor,
        "contract": engagement.contract,
        "stages": [
            {"name": str(row), "starts": day(row.planned_start), "ends": day(row.planned_end)} for row in stages
        ],
        "institutions": [{"code": row.code, "name": str(row)} for row in engagement.institutions.all()],
    }


def _deliverable(deliverable: Deliverable, language: str) -> dict[str, object]:
    lines = deliverable.lines_now()
    amounts = [line.amount for line in lines if isinstance(line, EstimateItem)]
    return {
        "paper_number": deliverable.number,
        "text": getattr(deliverable, f"text_{language}"),
        "direction": deliverable.get_direction_display() if deliverable.direction else "",
        "expert": deliverable.expert,
        "estimate": _rows(line for line in lines if isinstance(line, EstimateItem)),
        "total": money(sum(amounts, Decimal())),
        "calendar": _rows(line for line in lines if isinstance(line, CalendarEntry)),
        "conclusions": _rows(line for line in lines if isinstance(line, ConclusionLine)),
    }


def _rows(lines: Iterable[Line]) -> Lines:
    return [{name: in_words(line, name) for name in line.SHOWN} for line in lines]


def _cleaned(value: object) -> object:
    """Plain text without characters that no document may hold; the template gets nothing else."""
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    if isinstance(value, Mapping):
        return {name: _cleaned(part) for name, part in value.items()}
    return NOT_IN_XML.sub("", without_controls(str(value))) if value else ""
