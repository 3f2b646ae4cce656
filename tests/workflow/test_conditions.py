"""Each condition of each act: without its thing the act is blocked with exactly its sentence, with it it is done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from cases.accounts.models import AccountChange
from cases.followup.models import Evidence, Extension, Measure, Recommendation, RecommendationText
from cases.registry.models import Membership, User
from tests.cast import Cast
from tests.factories import make_account_change, make_extension, make_recommendation, new_account_change, new_extension
from tests.workflow.acting import CASE_TYPES, everything, fitting_inputs, inputs_of, make_case, make_own, refusal
from workflow.case import Case
from workflow.conditions import Condition
from workflow.door import Refused, begin
from workflow.lifecycles import account_change, extension, follow_up
from workflow.may import options
from workflow.roles import Role
from workflow.terms import legal_date

pytestmark = pytest.mark.slow


@dataclass
class Scene:
    """An act that is possible, until its condition's thing is taken away."""

    cast: Cast
    case: Any
    user: User
    inputs: dict[str, Any] = field(default_factory=dict)

    def change(self, **columns: Any) -> None:
        """Columns of the recommendation, or of the request for a change, as the database holds them."""
        if isinstance(self.case, AccountChange):
            AccountChange.objects.filter(pk=self.case.pk).update(**columns)
            return
        Recommendation.objects.filter(pk=self.recommendation.pk).update(**columns)

    @property
    def recommendation(self) -> Recommendation:
        found: Recommendation = getattr(self.case, "recommendation", self.case)
        return found

    def reread(self) -> None:
        """Case and person as the next request sees them."""
        self.user = User.objects.get(pk=self.user.pk)
        if self.case.pk:
            self.case = type(self.case)._base_manager.get(pk=self.case.pk)
        elif not isinstance(self.case, AccountChange):
            self.case.recommendation = Recommendation.objects.get(pk=self.recommendation.pk)


def _joins_the_institution(scene: Scene) -> None:
    Membership.objects.create(
        person=scene.user,
        organisation=scene.cast.university,
        role=Role.INSTITUTION_OFFICER,
        starts=date(2020, 1, 1),
    )


def _ask_thrice(scene: Scene) -> None:
    for _time in range(3):
        make_extension(scene.cast, scene.recommendation, "refused")


def _set(name: str, value: Any) -> Callable[[Scene], None]:
    def change(scene: Scene) -> None:
        scene.inputs[name] = value

    return change


def _later(scene: Scene) -> None:
    scene.change(current_due=scene.case.until)


def _passes(scene: Scene) -> None:
    """The due date and, a day after it, the date that was asked for."""
    today, yesterday = legal_date(), legal_date() - timedelta(days=1)
    scene.change(first_due=yesterday, current_due=yesterday)
    if scene.case.pk:
        Extension.objects.update(due_before=yesterday, until=today)
    scene.case.until = today


IN_CHARGE: tuple[Callable[[Scene], Any], str] = (
    lambda scene: scene.change(coordinator=scene.cast.second_coordinator),
    "This case is assigned to Asan (test).",
)

MISSING: dict[str, tuple[Callable[[Scene], Any], str]] = {
    "assigned": IN_CHARGE,
    "assigned_or_head": IN_CHARGE,
    "decider_is_in_charge": IN_CHARGE,
    "verifier_is_not_claimer": (
        lambda scene: scene.change(claimed_by=scene.user),
        "You reported this as done yourself; somebody else has to verify it.",
    ),
    "closer_is_not_verifier": (
        lambda scene: scene.change(verified_by=scene.user),
        "You verified this yourself; another head of department has to close it.",
    ),
    "decider_is_not_addressed": (
        _joins_the_institution,
        "You belong to the institution concerned; somebody else has to decide.",
    ),
    "has_reason": (_set("reason", " \n"), "Give the reason."),
    "has_text": (
        lambda scene: RecommendationText.objects.all().delete(),
        "Write the text of the recommendation first.",
    ),
    "has_cause": (lambda scene: scene.change(cause=" "), "Say which finding or criterion it answers."),
    "has_due_date": (
        lambda scene: scene.change(first_due=None, current_due=None),
        "Add a due date first, or the reason why there is none.",
    ),
    "has_source": (lambda scene: scene.change(source=None), "Name the source document first."),
    "has_measures": (lambda scene: Measure.objects.all().delete(), "Add a plan with at least one measure first."),
    "measures_have_owners": (
        lambda scene: Measure.objects.filter(position=2).update(responsible=" "),
        "Each measure of the plan needs a responsible post and a date.",
    ),
    "measures_are_in_time": (
        lambda scene: Measure.objects.filter(position=2).update(due=scene.case.current_due + timedelta(days=1)),
        "A measure of the plan ends after the due date of the recommendation.",
    ),
    "measures_are_proved": (
        lambda scene: Evidence.objects.filter(measure__position=2).delete(),
        "Add evidence to each measure of the plan, or say why there is none.",
    ),
    "has_accepted_evidence": (
        lambda scene: Evidence.objects.update(decision="received"),
        "Accept at least one piece of evidence first.",
    ),
    "is_improvement": (
        lambda scene: scene.change(classification="condition"),
        "Only advice (class “improvement”) may be closed on the institution's word.",
    ),
    "left_out_is_named": (_set("response", "partial"), "Say what you leave out and why."),
    "degree_is_given": (
        _set("degree", "none"),
        "Say to which degree it is done: fully, for the most part, or in part.",
    ),
    "closing_reason_is_given": (_set("closing_reason", "superseded"), "Choose the closing reason."),
    "withdrawal_reason_is_given": (
        _set("closing_reason", "implemented"),
        "Choose why it is taken back: superseded, or issued in error.",
    ),
    "response_is_given": (_set("response", "disputed"), "Choose whether you accept it in full or in part."),
    "expiry_is_ahead": (
        _set("risk_expires_on", legal_date()),
        "Give a date in the future until which the risk is accepted.",
    ),
    "has_due_to_extend": (
        lambda scene: scene.change(first_due=None, current_due=None, no_due_reason="It is lasting."),
        "It has no due date to be extended.",
    ),
    "none_is_undecided": (
        lambda scene: make_extension(scene.cast, scene.recommendation),
        "An earlier request for more time is still undecided.",
    ),
    "requests_are_decided": (
        lambda scene: make_extension(scene.cast, scene.recommendation),
        "The institution waits for an answer: decide on its request for more time first.",
    ),
    "extensions_are_left": (_ask_thrice, "More time may be asked for three times at most."),
    "level_suffices": (
        lambda scene: Extension.objects.update(level=Role.DEPARTMENT_HEAD),
        "This much more time is decided by: Head of department.",
    ),
    "requester_does_not_decide": (
        lambda scene: Extension.objects.update(requested_by=scene.user),
        "You asked for this yourself; somebody else has to decide.",
    ),
    "case_is_open": (
        lambda scene: scene.change(state="claimed"),
        "The recommendation is not in progress any more.",
    ),
    "is_later": (_later, "The new date must be later than the present due date."),
    "lies_ahead": (_passes, "The new date must lie ahead."),
    "says_why": (lambda scene: setattr(scene.case, "reason", " "), "Give the reason."),
    "asker_does_not_decide": (
        lambda scene: scene.change(requested_by=scene.user),
        "You asked for this yourself; a second person has to decide.",
    ),
    "person_does_not_decide": (
        lambda scene: scene.change(person=scene.user),
        "This is about your own account; somebody else has to decide.",
    ),
    "address_is_the_same": (
        lambda scene: User.objects.filter(pk=scene.case.person_id).update(email="third@test.example"),
        "The address was changed in the meantime. Refuse this request; a new one can be made.",
    ),
    "asker_withdraws": (
        lambda scene: scene.change(requested_by=scene.cast.head),
        "Only Bakyt (test), who asked for this, can withdraw it.",
    ),
    "is_not_asked_yet": (
        lambda scene: make_account_change(scene.cast, change=scene.case.change),
        "The same was asked for already and is not decided yet.",
    ),
    "Say what you ask for.": (_set("asked", ""), "Say what you ask for."),
    "Name who answers for the accepted risk.": (_set("risk_owner", "\t"), "Name who answers for the accepted risk."),
}
"""condition -> how its thing is taken away, and the sentence that is shown then."""

PEOPLE = {
    Role.COORDINATOR: "coordinator",
    Role.DEPARTMENT_HEAD: "head",
    Role.INSTITUTION_HEAD: "rector",
    Role.MINISTRY_LEADER: "leader",
    Role.REGISTRAR: "registrar",
}


def declared() -> Iterator[tuple[str, str, str]]:
    """Every condition of every act: case type, act, name."""
    for case_type, model in CASE_TYPES.items():
        acts = {name: step.conditions for name, step in model.transitions().items()}
        acts |= {name: verb.conditions for name, verb in model.verbs().items()}
        acts["create"] = model.CREATE.conditions
        yield from ((case_type, act, name_of(one)) for act, conditions in acts.items() for one in conditions)


def name_of(condition: Condition) -> str:
    """As its module names it; one that has no name of its own goes by its sentence."""
    for module in (follow_up, extension, account_change):
        for name, value in vars(module).items():
            if value is condition:
                return name
    with translation.override("en"):
        return str(condition.sentence)


def scene_of(cast: Cast, case_type: str, act: str) -> Scene:
    if case_type == "extension":
        case = make_recommendation(cast, "in_progress", risk="low")
        if act == "create":
            return Scene(cast, new_extension(cast, case), cast.officer)
        return Scene(cast, make_extension(cast, case), cast.coordinator, inputs_of(act))
    if act == "create":
        return Scene(cast, new_account_change(cast, change="deactivate", reason="Left (test)."), cast.registrar)
    model = CASE_TYPES[case_type]
    step = model.transitions().get(act)
    state = step.sources[0] if step else min(model.verbs()[act].states)
    roles = (step or model.verbs()[act]).permission.roles
    role = roles[-1] if act == "assign" else roles[0]  # A head may always assign.
    case = make_case(cast, case_type, state)
    user = getattr(cast, PEOPLE[Role(role)])
    make_own(case, act, user)
    return Scene(cast, type(case)._base_manager.get(pk=case.pk), user, fitting_inputs(case, act))


def objection(scene: Scene, act: str) -> str:
    if act != "create":
        return refusal(scene.case, act, scene.user, **scene.inputs)
    try:
        begin(scene.case, by=scene.user)
    except Refused as refused:
        return refused.sentence
    return ""


@pytest.mark.parametrize(("case_type", "act", "condition"), sorted(set(declared())))
def test_an_act_needs_what_each_of_its_conditions_asks_for(
    cast: Cast, case_type: str, act: str, condition: str
) -> None:
    scene = scene_of(cast, case_type, act)
    assert act == "create" or objection(scene, act) == ""
    take_away, sentence = MISSING[condition]
    take_away(scene)
    scene.reread()
    before = everything()
    assert objection(scene, act) == sentence
    assert everything() == before


def test_a_new_extension_with_all_that_is_asked_for_is_stored(cast: Cast) -> None:
    assert objection(scene_of(cast, "extension", "create"), "create") == ""


@pytest.mark.parametrize(
    ("case_type", "act", "condition"),
    sorted(one for one in set(declared()) if one[1] in CASE_TYPES[one[0]].transitions()),
)
def test_the_button_is_blocked_beforehand_unless_the_condition_is_about_what_is_filled_in(
    cast: Cast, case_type: str, act: str, condition: str
) -> None:
    scene = scene_of(cast, case_type, act)
    take_away, sentence = MISSING[condition]
    inputs = dict(scene.inputs)
    take_away(scene)
    scene.reread()
    [blocked] = [one.blocked for one in options(scene.case, scene.user) if one.action == act]
    assert blocked == ("" if scene.inputs != inputs else sentence)


def test_no_condition_is_described_that_no_act_has() -> None:
    assert set(MISSING) == {name for _case_type, _act, name in declared()}


def test_of_two_things_missing_the_first_is_named(cast: Cast) -> None:
    case = make_recommendation(cast, "draft", cause="", source=None)
    Recommendation.objects.update(source=None)
    case = Recommendation.objects.get(pk=case.pk)
    assert refusal(case, "issue", cast.coordinator) == "Say which finding or criterion it answers."
    Recommendation.objects.update(cause="Criterion 1")
    case = Recommendation.objects.get(pk=case.pk)
    assert refusal(case, "issue", cast.coordinator) == "Name the source document first."


def test_partial_acceptance_is_possible_with_what_is_left_out(cast: Cast) -> None:
    case: Case = make_recommendation(cast, "issued")
    inputs = {"response": "partial", "left_out": "The second library has no room."}
    assert refusal(case, "respond", cast.rector, **inputs) == ""
