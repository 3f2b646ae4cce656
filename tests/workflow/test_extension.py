"""More time: the level that decides, what a grant moves and what it leaves, and what the database itself refuses."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from cases.followup.models import Extension, Recommendation
from cases.followup.verbs import request_extension
from cases.registry.models import User
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.workflow.acting import inputs_of
from workflow.door import Refused, perform
from workflow.lifecycles.extension import LADDER, level_of
from workflow.lifecycles.follow_up import Risk
from workflow.models import Event, Expectation
from workflow.roles import Role
from workflow.terms import legal_date

pytestmark = pytest.mark.slow

COORDINATOR, HEAD, LEADER = "coordinator", "department_head", "ministry_leader"
BY_RULE = {
    "high": {0: HEAD, 3: HEAD},
    "medium": {0: COORDINATOR, 2: COORDINATOR, 3: HEAD, 6: HEAD},
    "low": {0: COORDINATOR, 4: COORDINATOR, 5: HEAD, 9: HEAD},
}
"""The table of the rules, by hand: risk -> months of slip at the ends of a step -> who may grant it in time."""
ONE_UP = {COORDINATOR: HEAD, HEAD: LEADER, LEADER: LEADER}


def rule(risk: str, months: int) -> str:
    """Who may grant a slip of whole months that is asked for in time, read from the table by hand."""
    ends = [end for end in BY_RULE[risk] if end >= months]
    return BY_RULE[risk][min(ends)] if ends else LEADER


@pytest.mark.parametrize("risk", Risk.values)
def test_the_level_follows_from_risk_slip_and_lateness(risk: str) -> None:
    first_due = date(2026, 1, 15)
    for months, is_late in product(range(1, 15), (False, True)):
        until = first_due + relativedelta(months=months)
        level = ONE_UP[rule(risk, months)] if is_late else rule(risk, months)
        above = ONE_UP[rule(risk, months + 1)] if is_late else rule(risk, months + 1)
        one_more = until + timedelta(days=1)
        assert level_of(risk=risk, first_due=first_due, until=until, is_late=is_late) == level, (months, is_late)
        assert level_of(risk=risk, first_due=first_due, until=one_more, is_late=is_late) == above, (months, is_late)


DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@given(risk=st.sampled_from(Risk.values), first_due=DAYS, until=DAYS, later=DAYS, is_late=st.booleans())
def test_asking_for_more_never_asks_a_lower_level(
    risk: str, first_due: date, until: date, later: date, is_late: bool
) -> None:
    until, later = sorted([until, later])
    less = LADDER.index(level_of(risk=risk, first_due=first_due, until=until, is_late=False))
    more = LADDER.index(level_of(risk=risk, first_due=first_due, until=later, is_late=is_late))
    assert less <= more
    if is_late:
        assert more == min(LADDER.index(level_of(risk=risk, first_due=first_due, until=later, is_late=False)) + 1, 2)


def decider(cast: Cast, role: str) -> User:
    return {COORDINATOR: cast.coordinator, HEAD: cast.head, LEADER: cast.leader}[str(role)]


@pytest.mark.parametrize("action", ["grant", "refuse", "return_request"])
@pytest.mark.parametrize("level", LADDER)
@pytest.mark.parametrize("role", LADDER)
def test_the_level_required_or_a_higher_one_decides(cast: Cast, level: Role, role: Role, action: str) -> None:
    extension = make_extension(cast, level=level)
    if LADDER.index(role) >= LADDER.index(level):
        perform(extension, action, by=decider(cast, role), **inputs_of(action))
        assert extension.decided_by == decider(cast, role)
    else:
        with pytest.raises(Refused, match=f"This much more time is decided by: {level.label}"):
            perform(extension, action, by=decider(cast, role), **inputs_of(action))


def test_the_level_counts_the_slip_from_the_first_due_date(cast: Cast) -> None:
    first_due = legal_date() + timedelta(days=10)
    for months, level in ((1, COORDINATOR), (2, COORDINATOR), (3, HEAD)):
        case = make_recommendation(
            cast, "in_progress", risk="medium", first_due=first_due,
            current_due=first_due + relativedelta(months=months - 1),
        )  # fmt: skip
        until = first_due + relativedelta(months=months)
        assert request_extension(case, until=until, reason="Please", by=cast.officer).level == level


def test_a_request_after_the_due_date_goes_one_level_up(cast: Cast) -> None:
    for days, level in ((0, COORDINATOR), (-1, HEAD)):
        due = legal_date() + timedelta(days=days)
        case = make_recommendation(cast, "in_progress", risk="medium", first_due=due)
        asked = request_extension(case, until=due + timedelta(days=20), reason="Please", by=cast.officer)
        assert asked.level == level


def test_grants_move_the_current_due_date_and_add_up_but_the_first_stays(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress", risk="low")
    first_due = case.first_due
    for count, days in enumerate((10, 25), start=1):
        until = case.current_due + timedelta(days=days)
        extension = request_extension(case, until=until, reason="Please", by=cast.officer)
        perform(extension, "grant", by=cast.coordinator)
        case = Recommendation.objects.get(pk=case.pk)
        assert (case.first_due, case.current_due, case.slips) == (first_due, until, count)
        claim = Expectation.objects.open().of("recommendation", case.pk).get(action="claim")
        assert claim.due == until
    assert case.slip_days == 35
    moves = Event.objects.of("recommendation", case.pk).filter(action="move_due", actor=cast.coordinator)
    assert moves.count() == 2


@pytest.mark.parametrize("action", ["refuse", "return_request"])
def test_what_is_not_granted_moves_nothing_and_silences_no_term(cast: Cast, action: str) -> None:
    case = make_recommendation(cast, "in_progress", risk="low")
    extension = make_extension(cast, case)
    open_before = list(Expectation.objects.open().of("recommendation", case.pk).values())
    perform(extension, action, by=cast.coordinator, reason="No")
    after = Recommendation.objects.get(pk=case.pk)
    assert (after.current_due, after.slips, after.version) == (case.current_due, 0, case.version)
    assert list(Expectation.objects.open().of("recommendation", case.pk).values()) == open_before
    assert not Expectation.objects.open().of("extension", extension.pk).exists()


def test_a_returned_request_leaves_all_three_and_an_undecided_one_bars_the_next(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress", risk="low")
    until = case.current_due + timedelta(days=10)
    for state in ("returned", "refused", "refused"):
        make_extension(cast, case, state)
    third = request_extension(case, until=until, reason="Please", by=cast.officer)
    with pytest.raises(Refused, match="still undecided"):
        request_extension(case, until=until, reason="Please", by=cast.officer)
    perform(third, "refuse", by=cast.coordinator, reason="No")
    with pytest.raises(Refused, match="three times at most"):
        request_extension(case, until=until, reason="Please", by=cast.officer)


CLOSING = {
    "accept_claim": ("claimed", COORDINATOR),
    "close": ("verified", HEAD),
    "close_unimplemented": ("in_progress", LEADER),
    "withdraw": ("in_progress", LEADER),
}


@pytest.mark.parametrize("action", CLOSING)
def test_no_case_ends_while_its_institution_waits_for_an_answer(cast: Cast, action: str) -> None:
    state, role = CLOSING[action]
    case = make_recommendation(cast, state, classification="improvement")
    extension = make_extension(cast, case)
    with pytest.raises(Refused, match="decide on its request for more time first"):
        perform(case, action, by=decider(cast, role), **inputs_of(action))
    perform(extension, "refuse", by=cast.leader, reason="No")
    perform(case, action, by=decider(cast, role), **inputs_of(action))
    assert case.state == "closed"


def test_a_date_that_has_passed_meanwhile_is_neither_asked_for_nor_granted(cast: Cast) -> None:
    today = legal_date()
    case = make_recommendation(cast, "in_progress", first_due=today - timedelta(days=40))
    with pytest.raises(Refused, match="must lie ahead"):
        request_extension(case, until=today, reason="Please", by=cast.officer)
    extension = make_extension(cast, case, until=today)
    with pytest.raises(Refused, match="must lie ahead"):
        perform(extension, "grant", by=cast.leader)
    perform(extension, "return_request", by=cast.leader, reason="Name a later date")
    tomorrow = today + timedelta(days=1)
    again = request_extension(case, until=tomorrow, reason="Please", by=cast.officer)
    perform(again, "grant", by=cast.leader)
    assert Recommendation.objects.get(pk=case.pk).current_due == tomorrow


def test_a_decided_request_is_final(cast: Cast) -> None:
    extension = make_extension(cast, state="refused")
    with pytest.raises(Refused, match="the case is in the state “Refused”"):
        perform(extension, "grant", by=cast.leader)


IMPOSSIBLE: dict[str, Callable[[Cast], Any]] = {
    "an unknown state": lambda cast: make_recommendation(cast, "draft").__class__.objects.update(state="lost"),
    "a current due date before the first": lambda cast: Recommendation.objects.filter(
        pk=make_recommendation(cast, "issued").pk
    ).update(current_due=legal_date()),
    "issued without a date of issue": lambda cast: make_recommendation(cast, "issued", issued_on=None),
    "a draft with a date of issue": lambda cast: make_recommendation(cast, "draft", issued_on=legal_date()),
    "issued without a term or a reason": lambda cast: make_recommendation(
        cast, "issued", first_due=None, current_due=None
    ),
    "closed without a reason": lambda cast: make_recommendation(cast, "closed", closing_reason=""),
    "closed without a date": lambda cast: make_recommendation(cast, "closed", closed_on=None),
    "open with a closing reason": lambda cast: make_recommendation(cast, "claimed", closing_reason="superseded"),
    "verified by who claimed": lambda cast: make_recommendation(cast, "verified", verified_by=cast.rector),
    "verified by nobody": lambda cast: make_recommendation(cast, "verified", verified_by=None),
    "verified without a degree": lambda cast: make_recommendation(cast, "verified", verified_degree=""),
    "closed by who verified": lambda cast: make_recommendation(cast, "closed", closed_by=cast.coordinator),
    "a number used twice": lambda cast: [make_recommendation(cast, "issued", number="R-2026-00001") for _ in "12"],
    "an extension to an earlier date": lambda cast: make_extension(cast, until=legal_date()),
    "an extension decided by who asked": lambda cast: make_extension(cast, decided_by=cast.officer),
    "two undecided extensions": lambda cast: [
        make_extension(cast, case) for case in [make_recommendation(cast, "in_progress")] * 2
    ],
    "an extension in an unknown state": lambda cast: make_extension(cast) and Extension.objects.update(state="lost"),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_the_database_itself_refuses(cast: Cast, what: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        IMPOSSIBLE[what](cast)


@pytest.mark.parametrize(("first", "current"), [(None, legal_date()), (legal_date(), None)])
def test_the_database_itself_refuses_one_due_date_without_the_other(
    cast: Cast, first: date | None, current: date | None
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_recommendation(cast, "draft", first_due=first, current_due=current)
