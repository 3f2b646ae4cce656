"""How each condition of an act is taken away, and the sentence that says so then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from cases.accounts.models import AccountChange
from cases.analysis.models import Finding
from cases.followup.models import (
    EffectReview,
    Evidence,
    Extension,
    InterimDeadline,
    Measure,
    Recommendation,
    RecommendationText,
)
from cases.planning.models import Deliverable, Engagement, PlanItem, PlanSchedule
from cases.registry.models import Membership, OrganisationKind, User
from tests.cast import Cast, organisation
from tests.factories import make_extension
from tests.kinds.accounts import make_account_change
from tests.kinds.proposals import approved_proposal
from tests.toys.models import Visit
from tests.workflow.missing_in_rounds import IN_ROUNDS
from workflow.door import perform
from workflow.roles import Role
from workflow.terms import legal_date


@dataclass
class Scene:
    """An act that is possible, until its condition's thing is taken away."""

    cast: Cast
    case: Any
    user: User
    inputs: dict[str, Any] = field(default_factory=dict)

    def change(self, **columns: Any) -> None:
        """Columns of the case, or of the recommendation that it is about, as the database holds them."""
        if isinstance(self.case, (AccountChange, Deliverable, Engagement, Finding, PlanSchedule)):
            type(self.case)._base_manager.filter(pk=self.case.pk).update(**columns)
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
        elif isinstance(self.case, Finding):
            self.case.engagement = Engagement.objects.get(pk=self.case.engagement_id)
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


def set_input(name: str, value: Any) -> Callable[[Scene], None]:
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


def _another_is_in_charge(scene: Scene) -> None:
    case = Scene(scene.cast, scene.case.engagement, scene.user) if isinstance(scene.case, Deliverable) else scene
    case.change(coordinator=scene.cast.second_coordinator)


IN_CHARGE: tuple[Callable[[Scene], Any], str] = (
    _another_is_in_charge,
    "This case is assigned to Asan (test).",
)


def _remove_items() -> None:
    for item in PlanItem.objects.all():
        item.areas.clear()
        item.institutions.clear()
        item.delete()


def _pilot_ends_later(scene: Scene) -> None:
    item = scene.case.items.get()
    pilot = PlanItem.objects.create(
        plan=scene.case, place=9, kind="pilot", title="Pilot (test)", starts=item.starts, ends=item.ends
    )
    PlanItem.objects.filter(pk=item.pk).update(pilot=pilot)


def _another_is_overdue(scene: Scene) -> None:
    organisation("UNI8", OrganisationKind.INSTITUTION, institution_type="university")
    scene.change(explanation=" ")


def _something_is_proposed(scene: Scene) -> None:
    approved_proposal(scene.cast)


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
    "has_reason": (set_input("reason", " \n"), "Give the reason."),
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
    "interims_are_proved": (
        lambda scene: InterimDeadline.objects.create(recommendation=scene.case, due=legal_date()),
        "Add evidence to each interim deadline, or say why there is none.",
    ),
    "has_accepted_evidence": (
        lambda scene: Evidence.objects.update(decision="received"),
        "Accept at least one piece of evidence first.",
    ),
    "full_is_decided": (
        lambda scene: Evidence.objects.filter(measure__position=2).update(decision="received"),
        "Before you say “fully”, accept or reject each file: protocol.pdf.",
    ),
    "is_improvement": (
        lambda scene: scene.change(classification="condition"),
        "Only advice (class “improvement”) may be closed on the institution's word.",
    ),
    "left_out_is_named": (set_input("response", "partial"), "Say what you leave out and why."),
    "degree_is_given": (
        set_input("degree", "none"),
        "Say to which degree it is done: fully, for the most part, or in part.",
    ),
    "closing_reason_is_given": (set_input("closing_reason", "superseded"), "Choose the closing reason."),
    "withdrawal_reason_is_given": (
        set_input("closing_reason", "implemented"),
        "Choose why it is taken back: superseded, or issued in error.",
    ),
    "response_is_given": (set_input("response", "disputed"), "Choose whether you accept it in full or in part."),
    "expiry_is_ahead": (
        set_input("risk_expires_on", legal_date()),
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
    "assessor_did_not_report": (
        lambda scene: EffectReview.objects.update(reported_by=scene.user),
        "You reported the effect yourself; somebody else has to assess it.",
    ),
    "effect_is_given": (set_input("effect", "some"), "Choose whether the effect has lasted."),
    "says_what": (set_input("text", " "), "Say what the effect is and how it shows."),
    "gives_grounds": (set_input("text", " "), "Say what your assessment rests on."),
    "requester_does_not_decide": (
        lambda scene: Extension.objects.update(requested_by=scene.user),
        "You asked for this yourself; somebody else has to decide.",
    ),
    "case_is_open": (
        lambda scene: perform(scene.recommendation, "claim", by=scene.cast.rector),
        "The recommendation is not in progress any more.",
    ),
    "is_later": (_later, "The new date must be later than the present due date."),
    "lies_ahead": (_passes, "The new date must lie ahead."),
    "says_why": (lambda scene: setattr(scene.case, "reason", " "), "Give the reason."),
    "has_contractor": (lambda _: Visit.objects.update(contractor=None), "Choose the contractor first."),
    "required(summary)": (set_input("summary", " "), "Say what was seen."),
    "required(leader)": (set_input("leader", ""), "Name the leader."),
    "team_is_small": (set_input("size", 10), "At most nine people."),
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
    **IN_ROUNDS,
    "has_act": (set_input("approval_act_id", None), "Name the legal act by which the plan-schedule is approved."),
    "has_items": (
        lambda scene: _remove_items(),
        "Add at least one monitoring first.",
    ),
    "items_lie_inside": (
        lambda scene: PlanItem.objects.update(ends=date(2031, 1, 1)),
        "Outside of the period of the plan-schedule: Engineering (test).",
    ),
    "mains_follow_pilots": (_pilot_ends_later, "Begins before its pilot ends: Engineering (test)."),
    "overdue_is_planned": (
        _another_is_overdue,
        "Overdue by the three years' rule and not planned: UNI8 (test). Plan it, or explain why not.",
    ),
    "proposals_are_weighed": (
        _something_is_proposed,
        "Proposals of monitorings wait for a decision: Look at the practical training (test)"
        ". Take each of them, or say why not.",
    ),
    "is_due_now": (
        lambda scene: scene.change(first_year=2099, last_year=2099),
        "Its period begins on 01.01.2099; the plan-schedule in force holds until then.",
    ),
    "required(asked)": (set_input("asked", ""), "Say what you ask for."),
    "required(risk_owner)": (
        set_input("risk_owner", "\t"),
        "Name who answers for the accepted risk.",
    ),
}
"""condition -> how its thing is taken away, and the sentence that is shown then."""
