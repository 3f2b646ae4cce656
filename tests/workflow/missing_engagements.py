"""How the conditions of monitorings and deliverables are taken away, and the sentences that say so then."""

from collections.abc import Callable
from datetime import date

from cases.planning.models import CalendarEntry, Contract, Deliverable, Engagement, StageDate, TemplateRow
from tests.kinds.engagements import LATER, deliver, make_engagement
from tests.kinds.planning import legal_act
from tests.workflow.what_is_missing import Scene, set_input
from workflow.door import begin, perform

EARLY = date(2026, 1, 1)
IN_COLLECTION = date(2099, 2, 10)
SUSPENDED = "The monitoring is suspended since 01.01.2026."


def _suspended(scene: Scene) -> None:
    Engagement.objects.update(suspended_on=EARLY, resume_by=LATER)


def _cancelled(scene: Scene) -> None:
    inputs = {"reason": "Not now (test).", "cancelling_act_id": legal_act().pk}
    perform(scene.case.engagement, "cancel", by=scene.cast.leader, **inputs)


def _pilot(scene: Scene) -> None:
    """It is the main monitoring of a pilot that has just been planned."""
    pilot = make_engagement(scene.cast, kind="pilot")
    Engagement.objects.exclude(pk=pilot.pk).update(pilot=pilot)


def _instruments(scene: Scene) -> None:
    _pilot(scene)
    TemplateRow.objects.filter(pk=scene.case.row_id).update(kind="instruments")


def _contract(scene: Scene) -> None:
    contract = Contract.objects.create(
        number="8", signed_on=EARLY, contractor=scene.cast.contractor, amount=1, starts=EARLY, ends=LATER
    )
    scene.change(contract=contract, contractor=scene.cast.contractor)


def _undelivered(scene: Scene) -> None:
    _reopen(scene, _last(scene.case.state))


def _altered(scene: Scene) -> None:
    """Behind the approval, which no act does."""
    Deliverable.objects.filter(pk=_last(scene.case.state).pk).update(text_ky="Something else (test)")


def _names_the_altered(scene: Scene) -> str:
    return _changed(_last(scene.case.state))


def _changed(deliverable: Deliverable) -> str:
    return (
        f"This was changed outside of Baikoo after it was approved: {deliverable.number} {deliverable.title}."
        " A new version has to be approved."
    )


def _decision_altered(scene: Scene) -> None:
    Deliverable.objects.filter(row__kind="contractor_decision").update(text_ky="Something else (test)")


def _names_the_decision(scene: Scene) -> str:
    return _changed(Deliverable.objects.get(row__kind="contractor_decision"))


def _pilot_altered(scene: Scene) -> None:
    """It is the main monitoring of a pilot, of whose approved conclusions one is not what was approved any more."""
    pilot = make_engagement(scene.cast, "conclusions", kind="pilot")
    deliver(scene.cast, pilot)
    Engagement.objects.exclude(pk=pilot.pk).update(pilot=pilot)
    Deliverable.objects.filter(pk=_concluded().pk).update(text_ky="Something else (test)")


def _concluded() -> Deliverable:
    """The first conclusion of the pilot."""
    return Deliverable.objects.filter(engagement__kind="pilot", row__kind="expert_conclusion").earliest("pk")


def _undecided(scene: Scene) -> None:
    _reopen(scene, Deliverable.objects.get(row__kind="contractor_decision"))


def _reopen(scene: Scene, deliverable: Deliverable) -> None:
    perform(deliverable, "reopen", by=scene.cast.head, reason="It has to be corrected (test).")


def _another_is_open(scene: Scene) -> None:
    """Something was asked for in another stage, which no act of people does."""
    row = TemplateRow.objects.create(
        template=scene.case.template, place=98, stage="reporting", kind="late", title="Late (test)",
        drafter_role="coordinator", regulation="REG-11.5",
    )  # fmt: skip
    deliverable = Deliverable(
        number=f"{scene.case.number}-98", engagement=scene.case, stage="reporting", row=row,
        drafter_role="coordinator", asked_on=EARLY, due=EARLY,
    )  # fmt: skip
    begin(deliverable, by=scene.cast.coordinator)


def _last(stage: str) -> Deliverable:
    return Deliverable.objects.filter(stage=stage).latest("pk")


def _is_the_decision(scene: Scene) -> None:
    TemplateRow.objects.filter(kind="contractor_decision").update(kind="another")
    TemplateRow.objects.filter(pk=scene.case.row_id).update(kind="contractor_decision")
    Engagement.objects.update(contract=None, contractor=None)


def _colliding(scene: Scene) -> None:
    """It is a calendar plan, with two entries that need one institution on one day."""
    TemplateRow.objects.filter(kind="calendar_plan").update(kind="another_calendar")
    TemplateRow.objects.filter(pk=scene.case.row_id).update(kind="calendar_plan")
    for place, title in enumerate(("Visit (test)", "Tests (test)"), 1):
        CalendarEntry.objects.create(
            deliverable=scene.case, place=place, title=title, kind="visit", starts=IN_COLLECTION, ends=IN_COLLECTION,
            institution=scene.cast.university,
        )  # fmt: skip


def _names_the_last(scene: Scene) -> str:
    deliverable = _last(scene.case.state)
    return f"Not approved yet: {deliverable.number} {deliverable.title}."


def _another_coordinates(scene: Scene) -> None:
    scene.change(drafter_role="contractor_lead")
    Engagement.objects.update(coordinator=scene.cast.second_coordinator)


def _no_findings(scene: Scene) -> None:
    """It is the deliverable that lists the findings, and there are none."""
    TemplateRow.objects.filter(kind="findings").update(kind="others")
    TemplateRow.objects.filter(pk=scene.case.row_id).update(kind="findings")


MISSING: dict[str, tuple[Callable[[Scene], object], str | Callable[[Scene], str]]] = {
    "runs": (_suspended, SUSPENDED),
    "is_suspended": (
        lambda scene: scene.change(suspended_on=None, resume_by=None),
        "The monitoring is not suspended.",
    ),
    "has_basis": (lambda scene: scene.change(legal_basis=None), "Name the legal basis first."),
    "is_planned": (
        lambda scene: scene.change(off_plan_reason=" "),
        "No plan-schedule in force names it. Say why it is carried out outside of the plan-schedule.",
    ),
    "has_scope": (
        lambda scene: scene.change(directions=[]),
        "Name at least one direction and one type of institutions first.",
    ),
    "has_dates": (lambda scene: StageDate.objects.last().delete(), "Set the dates of all stages first."),  # type: ignore[union-attr]
    "delivered": (_undelivered, _names_the_last),
    "as_approved": (_altered, _names_the_altered),
    "decision_is_as_approved": (_decision_altered, _names_the_decision),
    "pilot_is_as_approved": (_pilot_altered, lambda scene: _changed(_concluded())),
    "has_contract": (
        lambda scene: scene.change(contract=None, contractor=None),
        "Enter the contract first.",
    ),
    "has_no_contract": (_contract, "The contract is entered already."),
    "contractor_is_decided": (
        _undecided,
        "The decision on the contractor is not approved yet.",
    ),
    "pilot_is_concluded": (
        _pilot,
        "The experts' conclusions of its pilot E-2026-00002 are not approved yet (REG-11.4c).",
    ),
    "nothing_is_open": (_another_is_open, "Still open: E-2026-00001-98 Late (test)."),
    "is_checked": (
        set_input("is_checked", False),
        "Confirm that the public report was checked and holds no personal data.",
    ),
    "has_cancelling_act": (
        set_input("cancelling_act_id", None),
        "Name the legal act by which it is cancelled.",
    ),
    "has_number": (set_input("number", " "), "Give the number of the contract."),
    "names_some": (
        set_input("deliverables", []),
        "Name at least one approved deliverable of the stage before that has to be corrected.",
    ),
    "has_amount": (set_input("amount", 0), "Give the amount of the contract; it is more than nothing."),
    "is_dispensable": (
        _is_the_decision,
        "There is no contract without this decision, so it cannot be left out.",
    ),
    "ends_later": (set_input("ends", EARLY), "The contract ends before it begins."),
    "resumes_later": (set_input("until", EARLY), "Name a day after today on which it is to go on."),
    "is_drafter": (
        lambda scene: scene.change(drafter_role="contractor_lead"),
        "It is prepared by: Contractor's lead.",
    ),
    "is_not_over": (
        _cancelled,
        "The monitoring is cancelled.",
    ),
    "is_under_way": (_suspended, SUSPENDED),
    "is_complete": (_no_findings, "No finding is proposed yet."),
    "is_writer": (lambda scene: scene.change(author=scene.cast.lead), "It is written by Kanat (test)."),
    "is_stated": (
        lambda scene: scene.change(statement_ky="", statement_en=" "),
        "Write the statement in at least one language.",
    ),
    "is_measured": (
        lambda scene: scene.change(standard=" "),
        "Name the criterion, or the standard, that is not met.",
    ),
    "is_proved": (lambda scene: scene.change(source=" "), "Say what it rests on, or add a document."),
    "in_charge_or_lead": (
        lambda scene: Engagement.objects.update(coordinator=scene.cast.second_coordinator),
        "This case is assigned to Asan (test).",
    ),
    "is_written": (lambda scene: scene.change(text_ky=" "), "Write the text or attach a file first."),
    "drafts_or_coordinates": (
        _another_coordinates,
        "This is for who prepares it, and for the coordinator: Asan (test).",
    ),
    "is_itemised": (
        lambda scene: TemplateRow.objects.filter(pk=scene.case.row_id).update(kind="everything"),
        "This deliverable does not consist of lines.",
    ),
    "lines_fit": (
        _colliding,
        "The lines do not fit: “Visit (test)” – “Tests (test)” (UNI (test)).",
    ),
    "instruments_may_follow": (
        _instruments,
        "The experts' conclusions of the pilot E-2026-00002 are not approved yet (REG-11.4c).",
    ),
    "is_optional": (
        lambda scene: scene.change(is_required=True),
        "It is required: only the head of the department may leave it out.",
    ),
}
"""condition -> how its thing is taken away, and the sentence that is shown then."""
