"""Each condition of each act: without its thing the act is blocked with exactly its sentence, with it it is done."""

from collections.abc import Callable, Iterator

import pytest

from cases.followup.models import Evidence, Recommendation
from cases.registry.models import User
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation, new_extension
from tests.kinds.accounts import new_account_change
from tests.workflow import missing_engagements, what_is_missing
from tests.workflow.acting import CASE_TYPES, TRIALS, everything, inputs_of_case, make_case, make_own, refusal
from tests.workflow.what_is_missing import Scene
from workflow.case import Case
from workflow.conditions import ActorCondition, required
from workflow.declarations import Verb
from workflow.door import Refused, amend, begin, perform
from workflow.may import options
from workflow.naming import name_of
from workflow.roles import Role, by

pytestmark = pytest.mark.slow
MISSING: dict[str, tuple[Callable[[Scene], object], str | Callable[[Scene], str]]] = {
    **what_is_missing.MISSING,
    **missing_engagements.MISSING,
}
PEOPLE = {
    Role.COORDINATOR: "coordinator",
    Role.DEPARTMENT_HEAD: "head",
    Role.INSTITUTION_HEAD: "rector",
    Role.MINISTRY_LEADER: "leader",
    Role.CONTRACTOR_LEAD: "lead",
    Role.CONTRACTOR_EXPERT: "expert",
    Role.REGISTRAR: "registrar",
}


def declared() -> Iterator[tuple[str, str, str]]:
    """Every condition of every act of people: case type, act, name."""
    for case_type, model in CASE_TYPES.items():
        acts = {name: step.conditions for name, step in model.transitions().items()}
        acts |= {name: verb.conditions for name, verb in model.verbs().items() if verb.permission.roles}
        acts["create"] = model.CREATE.conditions
        yield from (
            (case_type, act, name_of(model, condition)) for act, conditions in acts.items() for condition in conditions
        )


CONDITIONS = {
    name_of(model, one): one
    for model in CASE_TYPES.values()
    for act in (*model.transitions().values(), *model.verbs().values(), model.CREATE)
    for one in act.conditions
}


def scene_of(cast: Cast, case_type: str, act: str) -> Scene:
    if case_type == "extension":
        case = make_recommendation(cast, "in_progress", risk="low")
        if act == "create":
            return Scene(cast, new_extension(cast, case), cast.officer)
        return Scene(cast, make_extension(cast, case), cast.coordinator, dict(TRIALS[case_type].inputs.get(act, {})))
    if (case_type, act) == ("finding", "create"):
        return Scene(cast, TRIALS[case_type].new(cast, cast.lead), cast.lead)
    if act == "create":
        return Scene(cast, new_account_change(cast, change="deactivate", reason="Left (test)."), cast.registrar)
    model = CASE_TYPES[case_type]
    step = model.transitions().get(act)
    state = step.sources[0] if step else min(model.verbs()[act].states)
    roles = (step or model.verbs()[act]).permission.roles
    role = roles[-1] if act == "assign" or case_type == "finding" else roles[0]  # A head, or a lead, always may.
    case = make_case(cast, case_type, state)
    user = getattr(cast, PEOPLE[Role(role)])
    make_own(case, act, user)
    inputs = inputs_of_case(case, act)
    return Scene(cast, type(case)._base_manager.get(pk=case.pk), user, inputs)


def said(sentence: str | Callable[[Scene], str], scene: Scene) -> str:
    return sentence(scene) if callable(sentence) else sentence


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
    assert objection(scene, act) == said(sentence, scene)
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
    offered = [option.blocked for option in options(scene.case, scene.user) if option.action == act]
    if CONDITIONS[condition].hides:
        assert offered == []
        return
    [blocked] = offered
    is_about_inputs = CONDITIONS[condition].needs_inputs
    is_judged_later = is_about_inputs or CONDITIONS[condition].is_costly
    assert (scene.inputs != inputs) <= is_about_inputs
    assert blocked == ("" if is_judged_later else said(sentence, scene))


def test_a_condition_on_one_input_is_shown_at_its_field() -> None:
    """It names a parameter of each act that it belongs to; none judges inputs without saying which."""
    for model in CASE_TYPES.values():
        for action, declared in model.acts().items():
            assert declared.takes
            judging = [condition.about for condition in declared.conditions if condition.needs_inputs]
            assert set(judging) <= set(declared.takes.parameters), action


def test_a_condition_on_the_person_fails_where_nobody_acts() -> None:
    anybody = ActorCondition("Not you.", lambda case, user: True)
    assert not anybody(Recommendation(), None, {})
    assert anybody(Recommendation(), User(), {})


def test_a_condition_on_inputs_fails_where_a_verb_is_given_none(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Verb(by(Role.COORDINATOR), ["draft"], [required("reason", "Give the reason.")])
    monkeypatch.setattr(Recommendation, "verbs", classmethod(lambda cls: {"edit": asking}))
    case = make_recommendation(cast, "draft")
    before = everything()
    for inputs in (None, {}, {"reason": " "}):
        with pytest.raises(Refused, match="Give the reason"), amend(case, "edit", by=cast.coordinator, inputs=inputs):
            pass
    assert everything() == before
    with amend(case, "edit", by=cast.coordinator, inputs={"reason": "It was wrong."}):
        pass


def test_a_refusal_says_which_input_it_is_about(cast: Cast) -> None:
    case: Case = make_recommendation(cast, "issued")
    with pytest.raises(Refused) as refused:
        perform(case, "respond", by=cast.rector, response="partial", left_out=" ")
    assert (refused.value.sentence, refused.value.about) == ("Say what you leave out and why.", "left_out")


def test_fully_needs_a_decision_on_every_current_file_and_a_lower_degree_does_not(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    first, second = case.evidence.all()
    Evidence.objects.filter(pk=second.pk).update(decision="received")
    sentence = "Before you say “fully”, accept or reject each file: protocol.pdf."
    assert refusal(case, "confirm", cast.coordinator, degree="full") == sentence
    assert refusal(case, "confirm", cast.coordinator, degree="most") == ""
    Evidence.objects.filter(pk=second.pk).update(decision="rejected", decision_reason="It is empty.")
    assert refusal(case, "confirm", cast.coordinator, degree="full") == ""
    Evidence.objects.filter(pk=second.pk).update(decision="received", replaces=first)
    Evidence.objects.filter(pk=first.pk).update(decision="received")
    third = Evidence.objects.get(pk=second.pk)
    third.pk, third.replaces_id, third.path, third.decision = None, second.pk, "another", "accepted"
    third.save(force_insert=True)
    assert refusal(case, "confirm", cast.coordinator, degree="full") == ""  # Older versions need no decision.


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
