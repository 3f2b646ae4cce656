"""A deliverable: its texts, files and items as they are prepared, and its versions as they were submitted."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.planning import joining
from cases.planning.contracting import DECISION
from cases.planning.models.engagements import Engagement
from cases.planning.models.line_kinds import LINES
from cases.planning.models.lines import Line, Misfit
from cases.planning.models.stages import STAGE_CHOICES, RouteSeat, TemplateRow
from cases.planning.models.versions import SubmittedInVersions, SubmittedVersion
from cases.planning.unaltered import altered_files
from cases.registry.models import Direction, User
from cases.registry.models.organisations import Language
from workflow.case import CaseQuerySet
from workflow.declarations import Owing
from workflow.lifecycles.deliverable import REVIEWER, DeliverableLifecycle, State
from workflow.lifecycles.engagement import STAGES
from workflow.may import role_names
from workflow.roles import Role
from workflow.rounds.models import Round
from workflow.rounds.routes import PlannedSeat, RoundStep, Route

if TYPE_CHECKING:
    from cases.planning.models.deliverable_files import DeliverableFile

INSTRUMENTS = "instruments"
"""The kind that waits for the conclusions of the pilot (REG-11.4c)."""
TEXTS = tuple(f"text_{code}" for code in Language.values)


class Deliverable(SubmittedInVersions, DeliverableLifecycle):
    """What one stage of one monitoring has to produce, by a row of its list of deliverables."""

    TRAIL_LABELS = {
        "file": _("file"),
        "scan_of": _("scan of version"),
        "submitted_by": _("submitted by"),
        "line": _("line"),
        "lines": _("lines"),
        **{name: line.name_of(name) for line in LINES.values() for name in line.COLUMNS},
    }
    TRAIL_WORDS = {name: line.words(name) for line in LINES.values() for name in line.COLUMNS if line.words(name)}
    SILENT = ("sha256",)
    reviewers_before: Sequence[User] = ()
    """Who was named before the act that is under way named others."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.PROTECT, related_name="deliverables", verbose_name=_("monitoring")
    )
    stage = models.CharField(_("stage"), max_length=20, choices=STAGE_CHOICES)
    row = models.ForeignKey(TemplateRow, on_delete=models.PROTECT, related_name="+", verbose_name=_("deliverable"))
    direction = models.PositiveSmallIntegerField(_("direction"), choices=Direction.choices, null=True)
    drafter_role = models.CharField(_("prepared by"), max_length=30, choices=Role.choices)
    expert = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("expert"))
    first_reviewer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("first expert to conclude on it")
    )
    second_reviewer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("second expert to conclude on it")
    )
    is_required = models.BooleanField(_("required"), default=True)
    asked_on = models.DateField(_("asked for on"))
    due = models.DateField(_("due"))
    text_ky = models.TextField(_("text in Kyrgyz"), blank=True)
    text_ru = models.TextField(_("text in Russian"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    left_out_reason = models.TextField(_("why it is left out"), blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "row", "direction"], nulls_distinct=False, name="deliverable_once"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="deliverable_state_known"),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="deliverable_stage_known"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.LEFT_OUT]) | ~Q(sha256=""), name="deliverable_has_hash"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.LEFT_OUT) | ~Q(left_out_reason=""), name="deliverable_left_out_why"
            ),
            models.CheckConstraint(
                condition=Q(first_reviewer=None) | ~Q(first_reviewer=F("second_reviewer")),
                name="deliverable_reviewers_differ",
            ),
        ]
        indexes = [models.Index(fields=["engagement", "stage"], name="deliverable_stage")]

    @property
    def headline(self) -> str:
        return f"{self.title}: {self.engagement.title}"

    @property
    def title(self) -> str:
        """In the reader's language."""
        return f"{self.row.title}: {self.get_direction_display()}" if self.direction else self.row.title

    @property
    def coordinator(self) -> User | None:
        """Who is in charge of the monitoring."""
        return self.engagement.coordinator

    @property
    def due_now(self) -> date | None:
        return None if self.state in self.ended_states() else self.due

    @property
    def expert_named(self) -> Iterable[Owing]:
        """The expert who prepares it, if one is named."""
        if self.expert_id:
            role, organisation_id = Role.CONTRACTOR_EXPERT, self.engagement.contractor_id
            yield Owing(role, organisation_id=organisation_id, assignee_id=self.expert_id)

    @property
    def reviewers(self) -> Sequence[User]:
        """The experts who were named to give their conclusion on it, in their order."""
        return [person for person in (self.first_reviewer, self.second_reviewer) if person is not None]

    @property
    def reviewers_named(self) -> Iterable[Owing]:
        """Those whom the act under way names anew, as they are told of it."""
        return self._concluding(set(self.reviewers).difference(self.reviewers_before))

    @property
    def reviewers_released(self) -> Iterable[Owing]:
        """Those in whose place it names others."""
        return self._concluding(set(self.reviewers_before).difference(self.reviewers))

    def _concluding(self, people: Iterable[User]) -> Iterable[Owing]:
        organisation_id = self.engagement.contractor_id
        for person in sorted(people, key=lambda person: person.pk):
            yield Owing(REVIEWER, organisation_id=organisation_id, assignee_id=person.pk)

    @property
    def submit_by(self) -> date | None:
        return None if self.submissions else self.due

    def who_drafts(self) -> str:
        if self.expert_id and self.drafter_role == Role.CONTRACTOR_EXPERT:
            return str(self.expert)
        return role_names([self.drafter_role])

    def why_over(self) -> str:
        return self.engagement.why_over()

    def why_it_rests(self) -> str:
        suspended = self.engagement.why_suspended()
        if suspended or self.engagement.state == self.stage:
            return suspended
        return str(_("The monitoring is not in the stage “%(stage)s” now.") % {"stage": self.get_stage_display()})

    def has_contents(self) -> bool:
        own = (*(getattr(self, name).strip() for name in TEXTS), self.files_now(), self.lines_now())
        return any(own) or any(self.added_contents().values())

    def lacks(self) -> Sequence[str]:
        return self.once("lacks", lambda: [sentence for find in joining.BEFORE_SUBMIT for sentence in find(self)])

    @property
    def line_model(self) -> type[Line] | None:
        """What its lines are; None when its kind has none."""
        return LINES.get(self.row.kind)

    def is_itemised(self) -> bool:
        return self.line_model is not None

    def misfits(self) -> Sequence[Misfit]:
        model = self.line_model
        return self.once("misfits", lambda: list(model.misfits(self, self.lines_now()))) if model else []

    def can_be_spared(self) -> bool:
        return self.row.kind != DECISION or self.engagement.contract_id is not None

    def waits_for_pilot(self) -> bool:
        return self.row.kind == INSTRUMENTS and not self.engagement.is_pilot_concluded()

    def files_now(self) -> Sequence["DeliverableFile"]:
        return self.once("files", lambda: [file for file in self.files.all() if file.is_current])

    def scans(self) -> Mapping[int, Sequence["DeliverableFile"]]:
        """Number of the version that was decided on -> the scans that came back signed."""
        scans: dict[int, list[DeliverableFile]] = {}
        for file in self.files.exclude(scan_of=None).select_related("received_from"):
            scans.setdefault(file.scan_of or 0, []).append(file)
        return scans

    def lines_now(self) -> Sequence[Line]:
        """Its lines, as the model of its kind orders them."""
        model = self.line_model
        return self.once("lines", lambda: list(model.of(self))) if model else []

    def added_contents(self) -> Mapping[str, object]:
        """What other rooms add to that which is decided on, such as findings."""
        return self.once("added", lambda: {name: part for add in joining.CONTENTS for name, part in add(self).items()})

    def own_contents(self) -> dict[str, object]:
        """What is decided on of the deliverable itself, by plain values."""
        return {
            **{name: getattr(self, name) for name in TEXTS},
            "files": [file.contents() for file in self.files_now()],
            "lines": [line.contents() for line in self.lines_now()],
        }

    def contents(self) -> str:
        """Everything that is decided on, as one exact text."""
        return json.dumps({**self.own_contents(), **self.added_contents()}, ensure_ascii=False, sort_keys=True)

    def is_as_decided(self, decided: Round) -> bool:
        """What other rooms added lives on once it is approved: a finding may be withdrawn by an act of its own."""
        return self.is_untouched(decided) if self.state == State.APPROVED else super().is_as_decided(decided)

    def is_untouched(self, decided: Round) -> bool:
        version = self.version_of(decided)
        if version is None:
            return False
        kept, now = version.read(), json.loads(json.dumps(self.own_contents()))
        return all(kept.get(name) == part for name, part in now.items()) and all(
            is_as_kept(self, kept) for is_as_kept in joining.AS_KEPT
        )

    def files_are_whole(self) -> bool:
        return self.once("whole", lambda: not altered_files(self.files_now()))

    def route(self) -> Route:
        steps: dict[int, list[RouteSeat]] = {}
        for seat in self.row.seats.all():
            steps.setdefault(seat.step, []).append(seat)
        names = iter([self.first_reviewer_id, self.second_reviewer_id])
        return [
            RoundStep(
                [
                    PlannedSeat(
                        seat.role,
                        self.related(seat.role) or 0,
                        seat.days,
                        next(names, None) if seat.role == REVIEWER else None,
                    )
                    for seat in seats
                ],
                mode=seats[0].mode,
                quorum=seats[0].quorum,
                approves=seats[0].approves,
            )
            for _step, seats in sorted(steps.items())
        ]

    def keep_left_out(self, reason: str) -> None:
        self.left_out_reason = reason.strip()

    def sequel_of_approval(self) -> None:
        if self.state == State.APPROVED:
            for follow in joining.AFTER_APPROVAL:
                follow(self)
        if self.row.kind == DECISION:
            joining.renew(self)


class DeliverableVersion(SubmittedVersion):
    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="versions")

    class Meta(SubmittedVersion.Meta):
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "number"], name="deliverable_version_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.deliverable}, {self.number}"
