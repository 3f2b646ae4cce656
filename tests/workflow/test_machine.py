"""Whatever several people try, in whatever order, the rules of follow-up hold after every step."""

from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cases.desk.leading import assign
from cases.desk.talking import comment
from cases.followup.models import Extension, Recommendation
from cases.followup.verbs import MeasureDraft, draft_successor, request_extension, review_evidence, write_plan
from cases.followup.verbs.proving import explain, keep
from cases.ground.storage import Received
from cases.registry.models import Membership, User
from tests.cast import Cast, person
from tests.factories import make_recommendation
from tests.workflow import rules
from tests.workflow.acting import everything, inputs_of
from workflow.door import Refused, perform
from workflow.lifecycles.follow_up import Classification, Risk
from workflow.lifecycles.recommendation import State
from workflow.may import options
from workflow.roles import Role
from workflow.terms import legal_date
from workflow.trail.verification import export_lines
from workflow.trail.verify import verify

pytestmark = pytest.mark.slow

SEEDS = st.integers(min_value=0, max_value=2**32)
REASONS = ["Because.", "Китеп жок.", "", "  "]
NOISE: dict[str, list[Any]] = {
    **dict.fromkeys(["reason", "asked", "text", "left_out", "risk_owner"], REASONS),
    "response": ["accepted", "partial", "disputed", "awaiting", ""],
    "degree": ["full", "most", "some", "none", ""],
    "closing_reason": ["implemented", "alternative", "superseded", "issued_in_error", "on_word", ""],
    "risk_expires_on": [date(2020, 1, 1), date(2060, 1, 1), None],
}


def fitting(case: Any, action: str) -> dict[str, Any]:
    """Inputs that fit this case: it is not confirmed in full before each file is decided on."""
    inputs = inputs_of(action)
    return {**inputs, "degree": "some"} if action == "confirm" and case.files_undecided() else inputs


class FollowUp(RuleBasedStateMachine):
    """One recommendation and its requests for more time, among people with rights, with wrong rights and with none."""

    cast: ClassVar[Cast]
    people: ClassVar[list[User]]
    holders: ClassVar[set[tuple[int, str]]]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.files = 0

    def teardown(self) -> None:
        try:
            assert verify(export_lines()).broken == ""
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @property
    def case(self) -> Recommendation:
        """As the next request reads it."""
        return Recommendation.objects.get(pk=self.pk)

    def follow(self, made: Recommendation) -> None:
        self.pk = made.pk
        self.slips, self.slip_days = made.slips, made.slip_days
        self.first_due, self.due = made.first_due, made.current_due
        self.when_closed: dict[str, Any] = {}

    @initialize(
        seed=SEEDS,
        risk=st.sampled_from(Risk.values),
        classification=st.sampled_from(Classification.values),
        days=st.sampled_from([90, 5, 0, -40, None]),
        is_assigned=st.booleans(),
    )
    def start(self, seed: int, risk: str, classification: str, days: int | None, is_assigned: bool) -> None:
        state = Random(seed).choice([*State.values, State.IN_PROGRESS, State.IN_PROGRESS, State.CLAIMED])
        due = None if days is None else legal_date() + timedelta(days=days)
        made = make_recommendation(
            self.cast, state, risk=risk, classification=classification, first_due=due,
            no_due_reason="" if due else "It is lasting.", coordinator=self.cast.coordinator if is_assigned else None,
        )  # fmt: skip
        self.follow(made)

    @rule(seeds=st.lists(SEEDS, min_size=6, max_size=10))
    def several_act(self, seeds: list[int]) -> None:
        for seed in seeds:
            self._somebody_acts(Random(seed))
            self.the_rules_hold()

    def _somebody_acts(self, chance: Random) -> None:
        """Half of the steps are likely ones: by pure chance hardly any case would get further than a few."""
        case = self.case
        likely = {
            State.ISSUED: [self.do_what_is_offered, self.plan],
            State.IN_PROGRESS: [self.do_what_is_offered, self.prove, self.explain, self.ask_for_more_time],
            State.CLAIMED: [self.do_what_is_offered, self.review],
            State.CLOSED: [self.follow_up_anew],
        }.get(State(case.state), [self.do_what_is_offered])
        other = [*[self.try_anything] * 5, self.say, self.put_in_charge]
        move = chance.choice(chance.choice([likely, other]))
        who = chance.choice(self.people)
        note(f"{move.__name__} by {who} in {case.state}")
        with suppress(Refused):
            move(case, who, chance)

    def try_anything(self, case: Recommendation, who: User, chance: Random) -> None:
        """Any action by anybody with any inputs: done, or refused and nothing changed."""
        action = chance.choice([*Recommendation.transitions(), *Extension.transitions(), "nonsense"])
        on: Any = case.extensions.last() if action in Extension.transitions() else case
        inputs = {name: chance.choice(NOISE[name]) for name in inputs_of(action)}
        is_stale = chance.random() < 0.2
        before = everything()
        try:
            perform(on or case, action, by=who, version=(on or case).version - is_stale, **inputs)
            assert not is_stale
        except Refused:
            assert everything() == before
            raise

    def do_what_is_offered(self, case: Recommendation, who: User, chance: Random) -> None:
        """What a page offers unblocked is possible with inputs that fit."""
        cases: list[Any] = [*case.extensions.filter(state="requested"), case]
        offers = [
            (one, option.action, user)
            for one in cases
            for user in (who, *chance.sample(self.people, 4))
            for option in options(one, user)
            if not option.blocked and (not option.danger or chance.random() < 0.2)
        ]
        if offers:
            one, action, user = chance.choice(offers)
            try:
                perform(one, action, by=user, **fitting(one, action))
            except Refused as refused:
                raise AssertionError(f"{action} was offered to {user}: {refused.sentence}") from refused

    def plan(self, case: Recommendation, who: User, chance: Random) -> None:
        start = self.due or legal_date()
        days = chance.choices([-10, 0, 30, None], weights=[6, 3, 1, 1], k=chance.randrange(4))
        post = chance.choice(["Dean", "Dean", ""])
        measures = [MeasureDraft("Do", post, None if day is None else start + timedelta(days=day)) for day in days]
        write_plan(case, measures, by=who, version=case.version)

    def prove(self, case: Recommendation, who: User, chance: Random) -> None:
        self.files += 1
        file = Received("proof.pdf", f"made/{self.files}", "application/pdf", 10, "0" * 64)
        old = chance.choice([None, *case.evidence.all()])
        keep(case, file, by=who, measure=chance.choice(case.measures_now()), replaces=old)

    def explain(self, case: Recommendation, who: User, chance: Random) -> None:
        explain(chance.choice(case.measures_now()), chance.choice(REASONS), by=who, recommendation=case)

    def review(self, case: Recommendation, who: User, chance: Random) -> None:
        if evidence := list(case.evidence.all()):
            review_evidence(
                chance.choice(evidence), chance.choice(["accepted", "rejected"]), chance.choice(REASONS), by=who
            )

    def ask_for_more_time(self, case: Recommendation, who: User, chance: Random) -> None:
        until = (case.current_due or legal_date()) + timedelta(days=chance.choice([-5, 0, 20, 80, 150, 400]))
        who = chance.choice([who, self.cast.officer, self.people[-1]])
        request_extension(case, until=until, reason=chance.choice(REASONS), by=who)

    def say(self, case: Recommendation, who: User, chance: Random) -> None:
        comment(case, chance.choice(REASONS), by=who, is_internal=chance.random() < 0.5)

    def put_in_charge(self, case: Recommendation, who: User, chance: Random) -> None:
        assign(case, chance.choice(self.people), by=who)

    def follow_up_anew(self, case: Recommendation, who: User, chance: Random) -> None:
        """A successor inherits first due date and slips."""
        successor = draft_successor(case, by=who)
        inherited = (case.first_due, case.slips, case.slip_days)
        assert (successor.first_due, successor.slips, successor.slip_days) == inherited
        self.follow(successor)

    @invariant()
    def the_rules_hold(self) -> None:
        case = self.case
        extensions = list(case.extensions.all())
        rules.implemented_is_proved_and_verified_by_another(case)
        rules.nobody_decides_on_their_own_work(case, extensions)
        self._assert_every_later_date_was_granted_and_the_first_stays(case, extensions)
        self._assert_closed_is_final(case)
        for one in (case, *extensions):
            rules.an_open_case_is_owed_by_somebody_and_a_closed_one_by_nobody(one, self.holders)
            rules.every_change_of_state_has_its_event(one)

    def _assert_every_later_date_was_granted_and_the_first_stays(
        self, case: Recommendation, extensions: list[Extension]
    ) -> None:
        granted = [extension for extension in extensions if extension.state == "granted"]
        assert case.first_due == self.first_due
        assert case.current_due == (granted[-1].until if granted else self.due)
        assert case.slips == self.slips + len(granted)
        moved = (case.current_due - self.due).days if case.current_due and self.due else 0
        assert case.slip_days == self.slip_days + moved
        assert all(one.reason.strip() and one.until > one.due_before for one in granted)
        assert sum(one.state != "returned" for one in extensions) <= 3

    def _assert_closed_is_final(self, case: Recommendation) -> None:
        if case.state != State.CLOSED:
            assert not self.when_closed
            return
        row = Recommendation.objects.values().get(pk=self.pk)
        del row["coordinator_id"], row["version"]  # Somebody else may be put in charge of it.
        self.when_closed = self.when_closed or row
        assert row == self.when_closed


def test_the_rules_hold_whatever_several_people_try(cast: Cast) -> None:
    both = person("Both", (cast.department, Role.COORDINATOR), (cast.department, Role.DEPARTMENT_HEAD))
    torn = person("Torn", (cast.department, Role.COORDINATOR), (cast.university, Role.INSTITUTION_HEAD))
    sabyr = person("Sabyr")
    today = legal_date()
    Membership.objects.create(
        person=sabyr, organisation=cast.department, role=Role.COORDINATOR, starts=today, ends=today,
        substitutes_for=cast.coordinator,
    )  # fmt: skip
    FollowUp.cast = cast
    FollowUp.people = [
        cast.coordinator, cast.rector, cast.head, cast.leader, cast.officer, cast.second_head,
        cast.second_coordinator, both, torn, sabyr, cast.director, cast.observer, cast.registrar, cast.stranger,
        torn, torn,
    ]  # fmt: skip
    FollowUp.holders = set(Membership.objects.in_force().values_list("organisation_id", "role"))
    run_state_machine_as_test(FollowUp, settings=settings(max_examples=20, stateful_step_count=8))
