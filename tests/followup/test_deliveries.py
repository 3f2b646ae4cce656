"""What was delivered and what was agreed stay as they were, and anybody can prove it."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from hashlib import sha256
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from cases.followup.models import Delivery, Measure, Plan, Recommendation, RecommendationText
from cases.followup.verbs import MeasureDraft, translate, write_plan
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.pages import Page, plain
from tests.trail.tampering import settle, tamper
from workflow.door import perform
from workflow.many import perform_many
from workflow.models import Event
from workflow.terms import legal_date

DUE = date(2031, 6, 30)
Proved = Callable[[], tuple[int, str, str]]
TEXTS = {"ky": "Китепкана толукталсын.", "ru": "Пополнить библиотеку."}
DELIVERED = "ky: Китепкана толукталсын.\nru: Пополнить библиотеку.\nCriterion 9\n2031-06-30"


@pytest.fixture
def case(cast: Cast) -> Recommendation:
    """Just issued."""
    made = make_recommendation(cast, texts=TEXTS, cause="Criterion 9", first_due=DUE)
    perform(made, "issue", by=cast.coordinator)
    return made


@pytest.fixture
def proved(capsys: pytest.CaptureFixture[str]) -> Proved:
    """The command's exit code and what it says, out and in error."""

    def run() -> tuple[int, str, str]:
        code = 0
        try:
            call_command("prove_deliveries")
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capsys.readouterr()

    return run


def test_the_text_is_kept_with_its_hash_and_the_act_that_delivered_it(case: Recommendation) -> None:
    [delivery] = case.deliveries.all()
    event = Event.objects.of("recommendation", case.pk).get(action="issue")
    assert (delivery.event, delivery.at, delivery.text) == (event, event.at, DELIVERED)
    assert delivery.sha256 == case.delivered_sha256 == sha256(DELIVERED.encode()).hexdigest()


def test_without_a_due_date_the_reason_is_delivered(cast: Cast) -> None:
    made = make_recommendation(cast, texts=TEXTS, cause="C", first_due=None, current_due=None, no_due_reason="Always")
    perform(made, "issue", by=cast.coordinator)
    assert made.deliveries.get().text == "ky: Китепкана толукталсын.\nru: Пополнить библиотеку.\nC\nAlways"


def test_a_later_translation_changes_nothing_of_it(case: Recommendation, cast: Cast) -> None:
    translate(case, "en", "Complete the library.", by=cast.coordinator, is_checked=True)
    translate(case, "ru", "Иначе.", by=cast.coordinator, is_checked=True)
    assert Recommendation.objects.get(pk=case.pk).deliveries.get().text == DELIVERED


def test_many_issued_at_once_are_each_kept(cast: Cast) -> None:
    for number in range(3):
        make_recommendation(cast, texts={"ky": f"Text {number}"}, cause="C", first_due=DUE)
    outcome = perform_many(Recommendation.objects.all(), "issue", by=cast.coordinator)
    texts = Delivery.objects.order_by("recommendation_id").values_list("text", "event_id")
    assert list(texts) == [
        (f"ky: Text {number}\nC\n2031-06-30", event.pk) for number, event in enumerate(outcome.events)
    ]


def test_other_acts_deliver_nothing(case: Recommendation, cast: Cast) -> None:
    perform(case, "dispute", by=cast.rector, reason="No.", asked="Take it back.")
    perform(case, "uphold", by=cast.leader, reason="Yes.")
    assert case.deliveries.count() == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE followup_delivery SET text = 'other'", "DELETE FROM followup_delivery", "TRUNCATE followup_delivery"],
)
def test_the_database_refuses_to_change_it(case: Recommendation, statement: str) -> None:
    settle()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_agreed_plan_has_the_hash_of_its_measures(cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=0, first_due=DUE)
    drafts = [MeasureDraft("Buy books", "Library", date(2031, 5, 1)), MeasureDraft("Train", "Dean", DUE)]
    write_plan(case, drafts, by=cast.officer, version=case.version)
    perform(case, "respond", by=cast.rector, response="accepted")
    perform(case, "agree_plan", by=cast.coordinator)
    contents = "1|Buy books|Library|2031-05-01\n2|Train|Dean|2031-06-30"
    plan = Plan.objects.get()
    assert (plan.sha256, plan.agreed_on) == (sha256(contents.encode()).hexdigest(), legal_date())
    assert plan.is_intact
    for column, value in (("text", "Buy"), ("responsible", "Dean"), ("due", DUE), ("position", 9)):
        with transaction.atomic():
            Measure.objects.filter(plan=plan, position=1).update(**{column: value})
            assert not Plan.objects.get().is_intact
            transaction.set_rollback(True)


def test_the_command_proves_all(case: Recommendation, cast: Cast, proved: Proved) -> None:
    make_recommendation(cast)
    make_recommendation(cast, "in_progress")
    assert proved() == (0, "deliveries: 2 match, 0 do not\nagreed plans: 1 match, 0 do not\n", "")


TAMPERINGS = {
    "text": ("UPDATE followup_delivery SET text = text || '.'", "the delivered text does not match its SHA-256"),
    "both": (
        "UPDATE followup_delivery SET text = 'x', sha256 = encode(sha256('x'), 'hex')",
        "the SHA-256 of the delivery is not that of the recommendation",
    ),
    "everything": (
        "WITH other AS (UPDATE followup_delivery SET text = 'x', sha256 = encode(sha256('x'), 'hex') RETURNING sha256)"
        " UPDATE followup_recommendation SET delivered_sha256 = other.sha256 FROM other",
        "the SHA-256 of the delivery is not that of the audit trail",
    ),
    "gone": ("DELETE FROM followup_delivery", "nothing is kept of what was delivered"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_the_command_names_what_was_tampered_with(case: Recommendation, proved: Proved, what: str) -> None:
    statement, fault = TAMPERINGS[what]
    tamper(statement)
    code, out, error = proved()
    assert (code, error) == (1, f"{case.number}: {fault}\n")
    assert "deliveries: 0 match, 1 do not" in out


def test_the_command_names_a_plan_that_is_not_what_was_agreed(cast: Cast, proved: Proved) -> None:
    case = make_recommendation(cast, "in_progress")
    Measure.objects.filter(position=2).update(due=legal_date() + timedelta(days=999))
    code, _out, error = proved()
    assert (code, error) == (1, f"{case.number}: version 1 of the plan does not match its SHA-256\n")


def test_one_from_before_texts_were_kept_is_no_fault(case: Recommendation, proved: Proved, page: Page) -> None:
    tamper("UPDATE followup_delivery SET text = NULL")
    assert proved()[:2] == (
        0, "deliveries: 0 match, 0 do not, 1 from before texts were kept\nagreed plans: 0 match, 0 do not\n",
    )  # fmt: skip
    assert "the text was not kept" in delivered(page(case, "rector"))


def test_of_old_deliveries_what_has_the_noted_hash_is_restored(case: Recommendation, cast: Cast) -> None:
    """Before texts were kept: one translated since, one as on its day, and one whose text is not the noted one."""
    translate(case, "ru", "Иначе.", by=cast.coordinator, is_checked=True)
    same = make_recommendation(cast, "issued", texts={"ky": "Бир"}, cause="C", first_due=DUE)
    lost = make_recommendation(cast, "issued", texts={"ky": "Эки"}, cause="C", first_due=DUE)
    Recommendation.objects.filter(pk=lost.pk).update(delivered_sha256="0" * 64)
    make_recommendation(cast)
    tamper("DELETE FROM followup_delivery")
    migration = import_module("cases.followup.migrations.0008_deliveries_are_kept")
    migration.restore(apps, None)
    restored = Delivery.objects.order_by("recommendation_id").values_list("recommendation_id", "text", "sha256")
    assert [(pk, text) for pk, text, _hash in restored] == [
        (case.pk, DELIVERED), (same.pk, "ky: Бир\nC\n2031-06-30"), (lost.pk, None),
    ]  # fmt: skip
    assert [delivery.is_intact for delivery in Delivery.objects.order_by("recommendation_id")] == [True, True, False]
    assert {one.event.action for one in Delivery.objects.all()} == {"issue"}


def one_by_one() -> None:
    """The same, restored case by case in the plainest way."""
    for case in Recommendation.objects.exclude(issued_on=None).order_by("pk"):
        event = Event.objects.of("recommendation", case.pk).filter(action="issue").earliest("id")
        on_that_day = [text for text in case.texts.order_by("version") if text.written_at <= event.at]
        text = next((one for one in map(case_text(case), (on_that_day, case.texts.order_by("version")))
                     if sha256(one.encode()).hexdigest() == case.delivered_sha256), None)  # fmt: skip
        Delivery.objects.create(recommendation=case, event=event, at=event.at, sha256=case.delivered_sha256, text=text)


def case_text(case: Recommendation) -> Callable[[Iterable[RecommendationText]], str]:
    def text(written: Iterable[RecommendationText]) -> str:
        newest = {one.language: one.text for one in written}
        lines = [f"{language}: {newest[language]}" for language in ("ky", "ru", "en") if newest.get(language)]
        return "\n".join([*lines, case.cause, str(case.first_due or case.no_due_reason)])

    return text


@pytest.mark.slow
def test_in_batches_the_same_is_restored_as_one_by_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(210):
        case = make_recommendation(cast, "issued", texts={"ky": f"Текст {number}"}, first_due=DUE)
        if number % 3 == 1:
            translate(case, "ru", "Иначе.", by=cast.coordinator, is_checked=True)
        if number % 3 == 2:
            Recommendation.objects.filter(pk=case.pk).update(delivered_sha256="0" * 64)
    make_recommendation(cast)
    columns = ("recommendation", "event", "at", "sha256", "text")
    tamper("DELETE FROM followup_delivery")
    one_by_one()
    expected = list(Delivery.objects.order_by("id").values_list(*columns))
    assert sum(text is None for *_rest, text in expected) == 70
    tamper("DELETE FROM followup_delivery")
    migration = import_module("cases.followup.migrations.0008_deliveries_are_kept")
    monkeypatch.setattr(migration, "BATCH", 100)
    with django_assert_num_queries(3 * 4 + 1):  # Each batch: cases, their texts, events, deliveries; and the end.
        migration.restore(apps, None)
    assert list(Delivery.objects.order_by("id").values_list(*columns)) == expected


def delivered(html: str) -> str:
    return plain(html.partition('aria-labelledby="delivered"')[2].partition("</section>")[0])


def test_the_page_shows_what_was_delivered_and_that_it_still_matches(
    case: Recommendation, cast: Cast, page: Page
) -> None:
    for who in ("coordinator", "rector", "leader"):
        words = delivered(page(case, who))
        assert f"by {cast.coordinator}. matches its SHA-256" in words
        assert f"SHA-256 {sha256(DELIVERED.encode()).hexdigest()}" in words
        assert "Criterion 9 2031-06-30" in words
    assert 'aria-labelledby="delivered"' not in page(make_recommendation(cast), "coordinator")


@pytest.mark.parametrize("what", ["text", "both", "gone"])
def test_the_page_warns_of_what_was_tampered_with(case: Recommendation, page: Page, what: str) -> None:
    tamper(TAMPERINGS[what][0])
    assert "Tell the administrator." in delivered(page(case, "rector"))


def test_the_page_warns_of_a_plan_that_is_not_what_was_agreed(cast: Cast, page: Page) -> None:
    case = make_recommendation(cast, "in_progress")
    warning = "The plan is not what was agreed"
    assert warning not in page(case, "rector")
    Measure.objects.filter(position=2).update(text="Less")
    assert warning in page(case, "rector")
