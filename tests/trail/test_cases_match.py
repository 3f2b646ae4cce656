"""A case is stored only as its trail tells it: state and version that move without an event are refused at commit."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cases.desk.talking import comment
from cases.followup.models import Extension, Recommendation
from cases.followup.verbs import request_extension
from config.grants import grant
from tests.cast import Cast, make_told_cast
from tests.factories import make_extension, make_recommendation, stay
from workflow.door import perform
from workflow.many import perform_many
from workflow.models import Event
from workflow.trail.recording import record
from workflow.trail.verification import verify_and_record

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CLOSED = "state = 'closed', closed_on = now(), closing_reason = 'implemented'"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Committed, so that what waits for the commit is judged."""
    return make_told_cast()


@pytest.fixture
def case(cast: Cast) -> Recommendation:
    return make_recommendation(cast, "in_progress")


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def update(what: str) -> Callable[[Recommendation], None]:
    return lambda case: sql(f"UPDATE followup_recommendation SET {what} WHERE id = %s", case.pk)


def back_and_forth(case: Recommendation) -> None:
    """The first change is undone, the second one is not."""
    update("state = 'claimed'")(case)
    update("state = 'in_progress'")(case)
    update("version = version - 1")(case)


def after_an_event(case: Recommendation) -> None:
    """The event tells of one step, and then the row goes on."""
    record([stay(case, "comment", Event.objects.of("recommendation", case.pk)[0].actor)])  # type: ignore[arg-type]
    update("state = 'claimed'")(case)


def a_new_row(case: Recommendation) -> None:
    Extension.objects.create(
        recommendation=case, number="E-1", version=1, until="2099-01-01", due_before="2026-01-01", reason="x",
        level="coordinator", requested_by=case.coordinator,
    )  # fmt: skip


WAYS: dict[str, Callable[[Recommendation], None]] = {
    "a state": update("state = 'claimed'"),
    "closed without a word": update(CLOSED),
    "a version": update("version = version + 1"),
    "an older version": update("version = version - 1"),
    "an older state and version, which the trail knows": update("state = 'under_review', version = version - 1"),
    "another key": update("id = id + 1000000"),
    "several changes": back_and_forth,
    "a change after an event": after_an_event,
    "a row without a trail": a_new_row,
    "through a queryset": lambda case: Recommendation.objects.filter(pk=case.pk).update(version=99) and None,
}


@pytest.mark.parametrize("role", ["owner", "web"])
@pytest.mark.parametrize("way", WAYS)
def test_what_the_trail_does_not_tell_is_refused_at_commit(case: Recommendation, way: str, role: str) -> None:
    Recommendation.objects.filter(pk=case.pk).update(search=case.search)  # What the trail does not follow stays free.
    before = Recommendation.objects.values().get(pk=case.pk), Event.objects.count()
    with as_role(role), pytest.raises(IntegrityError, match="The trail does not tell how|still referenced"):
        committed(WAYS[way], case)
    assert (Recommendation.objects.values().get(pk=case.pk), Event.objects.count()) == before
    assert verify_and_record().is_sound


@transaction.atomic
def committed(do: Callable[[Recommendation], None], case: Recommendation) -> None:
    do(case)


class as_role:  # noqa: N801 - reads as what it is: with as_role("web"):
    def __init__(self, name: str) -> None:
        self.role = f"web_of_{connection.settings_dict['NAME']}" if name == "web" else ""

    def __enter__(self) -> None:
        if self.role:
            sql(f"CREATE ROLE {self.role} NOLOGIN")
            grant(self.role)
            sql(f"SET ROLE {self.role}")

    def __exit__(self, *_: object) -> None:
        if self.role:
            sql("RESET ROLE")
            sql(f"DROP OWNED BY {self.role}")
            sql(f"DROP ROLE {self.role}")


def test_several_acts_on_one_case_in_one_transaction_are_taken(cast: Cast, case: Recommendation) -> None:
    with transaction.atomic():
        comment(case, "Nearly done", by=cast.officer, is_internal=False)
        until = case.current_due.replace(year=case.current_due.year + 1)  # type: ignore[union-attr]
        extension = request_extension(case, until=until, reason="Late", by=cast.officer)
        perform(extension, "grant", by=cast.leader if extension.level == "ministry_leader" else cast.head)
        perform(Recommendation.objects.get(pk=case.pk), "claim", by=cast.rector)
    assert verify_and_record().is_sound


def test_an_act_that_is_undone_inside_of_a_transaction_leaves_nothing_to_refuse(
    cast: Cast, case: Recommendation
) -> None:
    with transaction.atomic():
        with transaction.atomic():
            update("state = 'claimed'")(case)
            transaction.set_rollback(True)
        perform(case, "claim", by=cast.rector)
    assert verify_and_record().is_sound


def test_many_acts_at_once_are_taken(cast: Cast) -> None:
    drafts = [make_recommendation(cast, "draft") for _ in range(30)]
    outcome = perform_many(Recommendation.objects.all(), "issue", by=cast.coordinator)
    assert (len(outcome.events), outcome.refused) == (len(drafts), [])
    assert verify_and_record().is_sound


def test_an_extension_is_watched_like_a_recommendation(cast: Cast) -> None:
    extension = make_extension(cast)
    with pytest.raises(IntegrityError, match="how extension .* came to be"):
        sql("UPDATE followup_extension SET state = 'granted' WHERE id = %s", extension.pk)


def test_a_new_kind_of_case_is_put_under_watch_by_one_line() -> None:
    sql("CREATE TABLE kind_of_tests (id bigint PRIMARY KEY, number text, state text, version int)")
    try:
        sql("SELECT public.trail_watch('public.kind_of_tests', 'kind')")
        with pytest.raises(IntegrityError, match="kind K-1 came to be"):
            sql("INSERT INTO kind_of_tests VALUES (1, 'K-1', 'draft', 1)")
    finally:
        sql("DROP TABLE kind_of_tests")
