"""A monitoring as large as they get, with two dozen deliverables and sixty rounds; and a thousand of them."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from cases.planning.models import Contract, Deliverable, Engagement, StageDate
from cases.planning.stages import load_stages
from tests.cast import Cast
from tests.kinds.engagements import SMALL, make_engagement
from workflow.lifecycles.engagement import STAGES, State
from workflow.roles import Role
from workflow.rounds.models import Round, Seat
from workflow.rounds.routes import Answer
from workflow.trail.recording import Entry, record

HEADER = (
    "stage,kind,title_ky,title_ru,title_en,drafts,agrees,approves,required,per_direction,needs_contract,term_days,"
    "regulation"
)
DECISION = (
    "preparation,contractor_decision,Чечим (test),Решение (test),Decision,coordinator,,department_head,yes,,,10,R"
)


def large_list(path: Path, *, of: int) -> Path:
    """A list of deliverables by which one stage asks for so many, the decision on the contractor among them."""
    rows = [
        f"preparation,kind_{n},Иш {n} (test),Работа {n} (test),Work {n} (test),"
        f"{'coordinator' if n % 3 else 'contractor_lead'},coordinator > department_head,ministry_leader,yes,,"
        f"{'' if n % 3 else 'yes'},{n + 5},R"
        for n in range(1, of)
    ]
    file = path / "stages.csv"
    file.write_text("\n".join([HEADER, DECISION, *rows, ""]))
    return file


def make_large(cast: Cast, path: Path, *, deliverables: int = 24, rounds: int = 60) -> Engagement:
    """In its preparation, with a contract; the rounds are past ones, by rows alone."""
    engagement = make_engagement(cast, State.PREPARATION, stages=large_list(path, of=deliverables))
    cases = list(Deliverable.objects.filter(engagement=engagement).order_by("pk"))
    begun = timezone.now() - timedelta(days=30)
    places: dict[int, int] = {case.pk: Round.objects.of(case.CASE_TYPE, case.pk).count() for case in cases}
    made = []
    for number in range(rounds - sum(places.values())):
        case = cases[number % len(cases)]
        places[case.pk] += 1
        made.append(
            Round(
                flow_class="rounds/flows.ApprovalFlow",
                status="DONE",
                created=begun,
                finished=begun,
                outcome="returned",
                subject_type=case.CASE_TYPE,
                subject_id=case.pk,
                place=places[case.pk],
                sha256="0" * 64,
            )  # fmt: skip
        )
    Seat.objects.bulk_create(seat for one in Round.objects.bulk_create(made) for seat in _seats(cast, one))
    return engagement


def _seats(cast: Cast, one: Round) -> Iterator[Seat]:
    for step, (role, organisation, who) in enumerate(
        (
            (Role.COORDINATOR, cast.department, cast.coordinator),
            (Role.DEPARTMENT_HEAD, cast.department, cast.head),
            (Role.MINISTRY_LEADER, cast.ministry, cast.leader),
        ),
        1,
    ):
        yield Seat(
            round=one, step=step, place=1, mode="all", approves=step == 3, role=role, organisation_id=organisation.pk,
            days=5, answer=Answer.AGREED if step < 3 else Answer.RETURNED, text="" if step < 3 else "Again (test).",
            answered_by=who, answered_at=one.created,
        )  # fmt: skip


def make_many(cast: Cast, count: int = 1000) -> list[Engagement]:
    """Monitorings in all states with dates, institutions and a contractor, by rows alone; every tenth is suspended."""
    template, signed = load_stages(SMALL), date(2026, 3, 2)
    contract = Contract.objects.create(
        number="7/26", signed_on=signed, contractor=cast.contractor, amount=1, starts=signed, ends=date(2099, 1, 1)
    )
    states = [State.PLANNED, *STAGES, State.CLOSED]
    made = Engagement.objects.bulk_create(
        Engagement(
            number=f"E-2026-{number:05d}", state=states[number % len(states)], version=1, ministry=cast.ministry,
            department=cast.department, template=template, title=f"Monitoring {number} (test)",
            directions=[1 + number % 13],
            coordinator=cast.coordinator if number % 2 else cast.second_coordinator, levels=["university"],
            contract=contract, contractor=cast.contractor,
            suspended_on=None if number % 10 else signed, resume_by=None if number % 10 else date(2099, 1, 1),
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    record(
        Entry(
            "engagement",
            one.pk,
            one.number,
            "create",
            by=None,
            target=one.state,
            version=1,
            ministry_id=cast.ministry.pk,
        )
        for one in made
    )
    _add_parts(cast, made)
    return made


def _add_parts(cast: Cast, made: list[Engagement]) -> None:
    """The dates of their stages, two thirds of them long past, and an institution of each."""
    StageDate.objects.bulk_create(
        StageDate(engagement=one, stage=stage, planned_start=starts, planned_end=starts + timedelta(days=25))
        for place, one in enumerate(made)
        for month, stage in enumerate(STAGES, 1)
        for starts in [date(2020 if place % 3 else 2099, month, 1)]
    )
    through = Engagement.institutions.through._default_manager
    through.bulk_create(
        through.model(engagement=one, organisation=cast.university if place % 2 else cast.college)
        for place, one in enumerate(made)
    )
