"""A round, its seats, and the tasks by which viewflow walks from one to the next."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import AbstractProcess, AbstractTask

from workflow.roles import Role
from workflow.rounds.routes import AGREEING, Answer, Mode, RoundOutcome, needed


class RoundQuerySet(models.QuerySet["Round"]):
    def of(self, subject_type: str, subject_id: int) -> "RoundQuerySet":
        return self.filter(subject_type=subject_type, subject_id=subject_id)


class Round(AbstractProcess):  # type: ignore[misc]
    """One submitted version of a case on its way to a decision; its answers are bound to `sha256`."""

    TRAIL_GRANTS = ("SELECT", "INSERT", "UPDATE")

    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    place = models.PositiveSmallIntegerField(_("round"))
    sha256 = models.CharField(max_length=64)
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=RoundOutcome.choices, default=RoundOutcome.OPEN, blank=True
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "place"], name="round_place_unique"),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"], condition=models.Q(outcome=""), name="round_one_open"
            ),
            models.CheckConstraint(condition=models.Q(outcome__in=RoundOutcome.values), name="round_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}, round {self.place}"

    def steps(self) -> Mapping[int, Sequence["Seat"]]:
        """Number of the step -> its seats."""
        steps: dict[int, list[Seat]] = {}
        for seat in self.seats.all():
            steps.setdefault(seat.step, []).append(seat)
        return dict(sorted(steps.items()))

    def step_now(self) -> list["Seat"]:
        """The seats of the first step that is not settled; empty when all are, or one returned it."""
        steps = self.steps().values()
        if any(seat.answer == Answer.RETURNED for step in steps for seat in step):
            return []
        return next((list(step) for step in steps if not is_settled(step)), [])


class Seat(models.Model):
    """One of those who are asked, copied from the route when the round began: later changes of routes do not reach it.

    `named` is the one person who is asked, of several who hold the role. `answered_by` may be their substitute.
    """

    TRAIL_GRANTS = ("SELECT", "INSERT", "UPDATE (answer, text, answered_by_id, answered_at)")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="seats")
    step = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=10, choices=Mode.choices)
    quorum = models.PositiveSmallIntegerField(default=0)
    approves = models.BooleanField(default=False)
    role = models.CharField(max_length=30, choices=Role.choices)
    organisation_id = models.BigIntegerField()
    named = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    days = models.PositiveSmallIntegerField()
    answer = models.CharField(_("answer"), max_length=20, choices=Answer.choices, blank=True)
    text = models.TextField(_("remarks"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("seat")
        ordering = ["step", "place"]
        constraints = [
            models.UniqueConstraint(fields=["round", "step", "place"], name="seat_place_unique"),
            models.CheckConstraint(
                condition=models.Q(answer__in=["", Answer.NOT_NEEDED]) | models.Q(answered_by__isnull=False),
                name="seat_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer=Answer.RETURNED) | ~models.Q(text=""), name="seat_returned_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step}.{self.place}"

    @property
    def key(self) -> str:
        """How the expectation of its answer is named."""
        return f"seat:{self.pk}"


class RoundTask(AbstractTask):  # type: ignore[misc]
    """One node that viewflow came to; `seat` for those that wait for a person, `owner` for who has taken it."""

    TRAIL_GRANTS = ("SELECT", "INSERT", "UPDATE")

    process = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="task_set")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["id"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.data: dict[str, object] = {}
        self.seed = None

    @property
    def asked(self) -> Seat:
        """The seat that this task waits for."""
        seat: Seat | None = self.seat
        if seat is None:
            raise RuntimeError(f"task {self.pk} is no seat's")
        return seat


def is_settled(step: Sequence[Seat]) -> bool:
    """Whether enough of the seats of one step agree."""
    first = step[0]
    return sum(seat.answer in AGREEING for seat in step) >= needed(first.mode, first.quorum, len(step))
