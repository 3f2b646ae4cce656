"""The list of deliverables as data: every way to decide can be written, what cannot be read is refused by its line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from cases.planning.models import RouteSeat, StageTemplate, TemplateRow
from cases.planning.routes import PlannedStep, WrongLine, read_route, written
from cases.planning.stages import COLUMNS, FILE, load_stages
from tests.cast import Cast
from workflow.rounds.routes import Mode

GOLDEN = Path(__file__).with_name("stages.txt")
LINE = {
    "stage": "preparation", "kind": "note", "title_ky": "Жазуу (test)", "title_ru": "Записка (test)",
    "title_en": "Note (test)", "drafts": "coordinator", "agrees": "", "approves": "department_head", "required": "yes",
    "per_direction": "", "needs_contract": "", "term_days": "5", "regulation": "REG-11",
}  # fmt: skip
ROUTES = {
    "": [],
    "coordinator": [PlannedStep(["coordinator"])],
    "coordinator > department_head + ministry_leader": [
        PlannedStep(["coordinator"]),
        PlannedStep(["department_head", "ministry_leader"]),
    ],
    "any(coordinator + department_head)": [PlannedStep(["coordinator", "department_head"], Mode.ANY)],
    "contractor_expert + contractor_expert > coordinator": [
        PlannedStep(["contractor_expert", "contractor_expert"]),
        PlannedStep(["coordinator"]),
    ],
    "2 of (coordinator + department_head + ministry_leader) > contractor_lead": [
        PlannedStep(["coordinator", "department_head", "ministry_leader"], Mode.QUORUM, 2),
        PlannedStep(["contractor_lead"]),
    ],
}
DECIDERS = "contractor_lead, coordinator, department_head, ministry_leader"
KNOWN = f"Use: {DECIDERS}, contractor_expert."
EXPERTS = "Two experts give their conclusion at once, in one step of “agrees”: contractor_expert + contractor_expert."


def table(folder: Path, *lines: dict[str, str]) -> Path:
    path = folder / "stages.csv"
    rows = [",".join(f'"{(LINE | line)[name]}"' for name in COLUMNS) for line in lines]
    path.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    return path


def route_of(row: TemplateRow, *, approves: bool) -> str:
    """As it would be written in the table."""
    steps: dict[int, list[RouteSeat]] = {}
    for seat in row.seats.filter(approves=approves):
        steps.setdefault(seat.step, []).append(seat)
    return written([PlannedStep([s.role for s in seats], seats[0].mode, seats[0].quorum) for seats in steps.values()])


@pytest.mark.parametrize(("text", "steps"), ROUTES.items())
def test_each_way_to_agree_is_read_and_written_in_the_same_words(text: str, steps: list[PlannedStep]) -> None:
    assert read_route(text) == steps
    assert written(steps) == text
    assert read_route(text.replace(" ", "  ").replace("(", " ( ")) == steps


@pytest.mark.django_db
@pytest.mark.parametrize("text", [text for text in ROUTES if text])
def test_each_way_is_kept_and_found_again(tmp_path: Path, text: str) -> None:
    approves = "any(department_head + ministry_leader)"
    load_stages(table(tmp_path, {"agrees": text, "approves": approves, "needs_contract": "yes"}))
    row = TemplateRow.objects.get()
    assert route_of(row, approves=False) == text
    assert route_of(row, approves=True) == "any(department_head + ministry_leader)"
    assert list(row.seats.filter(approves=True).values_list("days", flat=True)) == [5, 10]


@pytest.mark.parametrize(
    "text", ["registrar", "coordinator >", "coordinator + ", "any(", "any(all)", "coordinator, head"]
)
def test_who_may_not_decide_is_in_no_route(text: str) -> None:
    with pytest.raises(WrongLine, match="cannot agree or approve"):
        read_route(text)


WRONG = {
    "agrees": ("registrar", f"Line 3: “registrar” cannot agree or approve. {KNOWN}"),
    "approves": ("coordinator > department_head", "Line 3: Name in one step who approves."),
    "stage": (
        "planned",
        "Line 3: “planned” is not known. Use: preparation, collection, analysis, conclusions, reporting, follow_up.",
    ),
    "drafts": (
        "ministry_leader",
        "Line 3: “ministry_leader” is not known. Use: coordinator, contractor_lead, contractor_expert.",
    ),
    "required": ("maybe", "Line 3: “maybe” is not known. Use: yes, no."),
    "term_days": ("ten", "Line 3: “ten” is no number of working days."),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("column", WRONG)
def test_what_cannot_be_read_is_refused_with_its_line_and_nothing_is_kept(tmp_path: Path, column: str) -> None:
    value, sentence = WRONG[column]
    path = table(tmp_path, {}, {"kind": "other", column: value})
    with pytest.raises(CommandError) as refused:
        call_command("load_stages", str(path))
    assert str(refused.value) == f"The list was not loaded. {sentence}"
    assert StageTemplate.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"agrees": "contractor_expert"}, EXPERTS),
        ({"agrees": "contractor_expert > contractor_expert"}, EXPERTS),
        ({"agrees": "any(contractor_expert + contractor_expert)"}, EXPERTS),
        ({"agrees": "contractor_expert + contractor_expert + coordinator"}, EXPERTS),
        ({"agrees": "contractor_expert + contractor_expert > contractor_expert + contractor_expert"}, EXPERTS),
        (
            {"agrees": "contractor_expert + contractor_expert", "drafts": "contractor_expert"},
            "What an expert prepares gets no conclusion of experts: see “drafts” and “agrees”.",
        ),
        (
            {"approves": "contractor_expert + contractor_expert"},
            f"“contractor_expert” cannot agree or approve. Use: {DECIDERS}.",
        ),
    ],
)
def test_experts_are_asked_two_at_once_and_approve_nothing(tmp_path: Path, line: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command(
            "load_stages", str(table(tmp_path, {"drafts": "contractor_lead", "needs_contract": "yes", **line}))
        )
    assert str(refused.value) == f"The list was not loaded. Line 2: {sentence}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("drafts", "contractor_lead"),
        ("drafts", "contractor_expert"),
        ("agrees", "coordinator > contractor_lead"),
        ("approves", "contractor_lead"),
    ],
)
def test_nothing_is_asked_of_the_contractor_before_the_contract(tmp_path: Path, column: str, value: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("load_stages", str(table(tmp_path, {}, {"kind": "other", column: value})))
    assert str(refused.value) == (
        f"The list was not loaded. Line 3: “{column}” names the contractor, and before the contract there is none."
        " Use: needs_contract: yes."
    )
    assert StageTemplate.objects.count() == 0
    after_the_contract = ({"needs_contract": "yes"}, {"stage": "collection", "kind": "other"})
    load_stages(table(tmp_path, *({column: value, **line} for line in after_the_contract)))
    assert TemplateRow.objects.count() == 2


@pytest.mark.django_db
def test_more_than_are_asked_cannot_agree_and_no_column_may_be_missing(tmp_path: Path) -> None:
    for quorum in (0, 3):
        path = table(tmp_path, {"agrees": f"{quorum} of (coordinator + department_head)"})
        with pytest.raises(CommandError, match=f"Line 2: .*: {quorum} of 2 cannot agree."):
            call_command("load_stages", str(path))
    path.write_text("stage,kind\npreparation,note\n", encoding="utf-8")
    with pytest.raises(CommandError, match="approves"):
        call_command("load_stages", str(path))
    with pytest.raises(CommandError, match="There is no legal act 0"):
        call_command("load_stages", "--act", "0")


@pytest.mark.django_db
def test_the_list_that_comes_with_baikoo_is_the_one_that_was_approved() -> None:
    said = StringIO()
    call_command("load_stages", stdout=said)
    assert said.getvalue() == "List of deliverables: version 1, 30 rows.\n"
    found = [_said(row) for row in load_stages(FILE).rows.all()]
    assert "\n".join(found) + "\n" == GOLDEN.read_text(encoding="utf-8"), "\n".join(found)


def _said(row: TemplateRow) -> str:
    traits = {
        "optional": not row.is_required,
        "one for each direction": row.per_direction,
        "after the contract": row.needs_contract,
        f"{row.term_days} working days": row.term_days is not None,
    }
    more = ", ".join(trait for trait, is_so in traits.items() if is_so)
    agrees = route_of(row, approves=False) or "-"
    way = f"{row.drafter_role} | {agrees} | {route_of(row, approves=True)}"
    return f"{row.stage} {row.kind}: {way} | {row.regulation}" + (f" | {more}" if more else "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "registrar"},
        {"role": "contractor_expert", "approves": True},
        {"mode": "most"},
        {"mode": "quorum"},
        {"quorum": 1},
        {"days": 0},
        {"step": 0},
        {"place": 0},
    ],
)
def test_the_database_takes_no_seat_that_nobody_could_answer(
    cast: Cast, tmp_path: Path, wrong: dict[str, object]
) -> None:
    load_stages(table(tmp_path, {}))
    seat = {"row": TemplateRow.objects.get(), "step": 9, "place": 1, "role": "coordinator", "days": 5}
    RouteSeat.objects.create(**seat)
    with pytest.raises(IntegrityError), transaction.atomic():
        RouteSeat.objects.create(**{**seat, "place": 2, **wrong})
