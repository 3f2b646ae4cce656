"""How the conditions of what is decided in rounds are taken away, as what_is_missing.py says of all."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from cases.planning.models import Deliverable, PlanItem
from cases.registry.models import Membership
from tests.kinds import RECEIVER
from workflow.rounds.models import Round, RoundTask

if TYPE_CHECKING:
    from tests.workflow.what_is_missing import Scene


def _owner(person_id: int | None) -> None:
    RoundTask.objects.filter(seat__isnull=False).update(owner=person_id)


def _hand_over_to_themselves(scene: "Scene") -> None:
    _owner(scene.user.pk)
    scene.inputs["receiver_id"] = scene.user.pk


def _change_what_was_submitted(scene: "Scene") -> None:
    PlanItem.objects.update(title="Something else (test)")
    Deliverable.objects.update(text_ky="Something else (test)")


def _lose_a_file(scene: "Scene") -> None:
    """A file of the version that is being decided on is not on disk any more."""
    scene.case.files.create(name="lost.pdf", path="no/where", size=1, sha256="0" * 64, received_from=scene.user)
    scene.reread()
    Round.objects.update(sha256=scene.case.contents_sha256())


IN_ROUNDS: dict[str, tuple[Callable[["Scene"], object], str]] = {
    "is_asked": (
        lambda scene: _owner(scene.cast.stranger.pk),
        "You are not asked now: it is another person's turn, or the question is answered.",
    ),
    "can_be_taken": (
        lambda scene: _owner(scene.cast.stranger.pk),
        "There is no seat that you could take: it is another person's already.",
    ),
    "can_be_given_back": (
        lambda _: _owner(None),
        "You have taken no seat that you could give back.",
    ),
    "can_be_handed_over": (
        lambda _: _owner(RECEIVER),
        "There is no seat that is yours to hand over.",
    ),
    "receiver_holds_the_role": (
        lambda scene: Membership.objects.filter(person=RECEIVER).update(ends=date(2020, 1, 2)),
        "This person does not hold the role of the seat in its organisation today.",
    ),
    "receiver_is_another": (
        _hand_over_to_themselves,
        "The seat is this person's already.",
    ),
    "receiver_did_not_submit": (
        lambda scene: scene.change(submitted_by=RECEIVER),
        "This person submitted it; somebody else has to decide.",
    ),
    "is_unchanged": (
        _change_what_was_submitted,
        "This is not what was submitted: it was changed outside of Baikoo. Ask the submitter to recall it.",
    ),
    "files_are_whole": (
        _lose_a_file,
        "A file on the server's disk is not the one that was submitted. Tell the administrator.",
    ),
    "is_as_approved": (
        lambda scene: PlanItem.objects.update(title="Something else (test)"),
        "This is not what was approved: it was changed outside of Baikoo. A new version has to be approved.",
    ),
    "is_not_the_submitter": (
        lambda scene: scene.change(submitted_by=scene.user),
        "You submitted this yourself; somebody else has to decide.",
    ),
}
