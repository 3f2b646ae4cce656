"""Versions of the list of deliverables, read from a table."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from cases.ground.cells import TableError
from cases.ground.tables import read_table
from cases.planning.models import RouteSeat, StageTemplate, TemplateRow
from cases.planning.routes import CONCLUDING, PlannedStep, WrongLine, read_route
from cases.registry.models import LegalAct
from workflow.lifecycles.deliverable import DECIDERS, DRAFTERS, REVIEWER
from workflow.lifecycles.engagement import STAGES, State
from workflow.roles import CONTRACTOR, Role
from workflow.rounds.routes import Mode
from workflow.terms import legal_date
from workflow.trail.recording import Entry, record

T = TypeVar("T")
FILE = Path(__file__).parent / "data" / "stages.csv"
DAYS_TO_AGREE, DAYS_TO_APPROVE, DAYS_OF_LEADER = 5, 5, 10
"""Working days: of a seat that agrees, of one that approves, and of a leader of the Ministry who approves."""
COLUMNS = (
    "stage", "kind", "title_ky", "title_ru", "title_en", "drafts", "agrees", "approves", "required", "per_direction",
    "needs_contract", "term_days", "regulation",
)  # fmt: skip


def load_stages(
    path: Path = FILE, *, legal_act: LegalAct | None = None, in_force_from: date | None = None
) -> StageTemplate:
    """Keep the list as a new version, unless it is what the newest version says already.

    `agrees` and `approves` are routes, see cases/planning/routes.py; `approves` is a single step. Raises TableError,
    which names the line.
    """
    contents = path.read_bytes()
    sha256 = hashlib.sha256(contents).hexdigest()
    with transaction.atomic():
        newest = StageTemplate.objects.select_for_update().last()
        if newest is not None and newest.sha256 == sha256:
            return newest
        template = StageTemplate.objects.create(
            version=newest.version + 1 if newest else 1,
            in_force_from=in_force_from or legal_date(),
            legal_act=legal_act,
            sha256=sha256,
        )
        for place, row in enumerate(read_table(path.name, contents, COLUMNS), 1):
            _of_line(row.number, partial(_write, template, place, row.cells))
        details = {"version": template.version, "sha256": sha256, "in_force_from": template.in_force_from}
        number = f"stages-{template.version}"
        record([Entry("stage_template", template.pk, number, "load_stages", by=None, details=details)])
    return template


def _of_line(number: int, write: Callable[[], T]) -> T:
    """Raises TableError in place of what is wrong with a line."""
    try:
        return write()
    except WrongLine as error:
        raise TableError(_("Line %(line)d: %(what)s") % {"line": number, "what": error}) from error


def _write(template: StageTemplate, place: int, line: Mapping[str, str]) -> None:
    agreeing, approving = read_route(line["agrees"]), read_route(line["approves"], DECIDERS)
    if len(approving) != 1:
        raise WrongLine(_("Name in one step who approves."))
    _check_contract(line, {"agrees": agreeing, "approves": approving})
    _check_experts(line, agreeing)
    row = TemplateRow.objects.create(
        template=template,
        place=place,
        stage=_one_of(line["stage"], STAGES),
        kind=line["kind"],
        title_ky=line["title_ky"],
        title_ru=line["title_ru"],
        title_en=line["title_en"],
        drafter_role=_one_of(line["drafts"], DRAFTERS),
        is_required=_is_yes(line["required"]),
        per_direction=_is_yes(line["per_direction"]),
        needs_contract=_is_yes(line["needs_contract"]),
        term_days=_days(line["term_days"]),
        regulation=line["regulation"],
    )
    RouteSeat.objects.bulk_create(
        seat
        for number, step in enumerate([*agreeing, *approving], 1)
        for seat in _seats(row, number, step, approves=number > len(agreeing))
    )


def _check_contract(line: Mapping[str, str], routes: Mapping[str, Sequence[PlannedStep]]) -> None:
    """Before the contract there is no contractor who could prepare or agree. Stages after the preparation have one."""
    if line["stage"] != State.PREPARATION or _is_yes(line["needs_contract"]):
        return
    agreed = {column: [role for step in steps for role in step.roles] for column, steps in routes.items()}
    for column, roles in {"drafts": [line["drafts"]], **agreed}.items():
        if not set(CONTRACTOR).isdisjoint(roles):
            sentence = _("“%(column)s” names the contractor, and before the contract there is none. Use: %(known)s.")
            raise WrongLine(sentence % {"column": column, "known": "needs_contract: yes"})


def _check_experts(line: Mapping[str, str], agreeing: Sequence[PlannedStep]) -> None:
    """Two of them give their conclusion at once, on what neither of them prepares."""
    asking = [step for step in agreeing if REVIEWER in step.roles]
    if not asking:
        return
    if [(list(step.roles), step.mode) for step in asking] != [(CONCLUDING, Mode.ALL)]:
        sentence = _("Two experts give their conclusion at once, in one step of “agrees”: %(step)s.")
        raise WrongLine(sentence % {"step": " + ".join(CONCLUDING)})
    if line["drafts"] == REVIEWER:
        raise WrongLine(_("What an expert prepares gets no conclusion of experts: see “drafts” and “agrees”."))


def _one_of(value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise WrongLine(_("“%(value)s” is not known. Use: %(known)s.") % {"value": value, "known": ", ".join(known)})
    return value


def _is_yes(value: str) -> bool:
    return _one_of(value or "no", ("yes", "no")) == "yes"


def _days(value: str) -> int | None:
    if value and not value.isdecimal():
        raise WrongLine(_("“%(value)s” is no number of working days.") % {"value": value})
    return int(value) if value else None


def _seats(row: TemplateRow, number: int, step: PlannedStep, *, approves: bool) -> Iterator[RouteSeat]:
    for place, role in enumerate(step.roles, 1):
        days = DAYS_OF_LEADER if role == Role.MINISTRY_LEADER else DAYS_TO_APPROVE
        yield RouteSeat(
            row=row, step=number, place=place, mode=step.mode, quorum=step.quorum, approves=approves, role=role,
            days=days if approves else DAYS_TO_AGREE,
        )  # fmt: skip
