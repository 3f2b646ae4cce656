"""The entries of a calendar plan, and which of them cannot be at once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.planning.models.lines import Line, LineFault, Misfit
from cases.registry.models import Organisation
from workflow.lifecycles.deliverable import State
from workflow.lifecycles.engagement import State as EngagementState

if TYPE_CHECKING:
    from cases.planning.models.deliverables import Deliverable


class EntryKind(models.TextChoices):
    """What happens on the days of a calendar entry."""

    TRAINING = "training", _("Training")
    PILOT = "pilot", _("Pilot")
    VISIT = "visit", _("Visit")
    TESTING = "testing", _("Testing")
    INTERVIEW = "interview", _("Interview")
    FOCUS_GROUP = "focus_group", _("Focus group")
    OBSERVATION = "observation", _("Observation")
    DATA_ENTRY = "data_entry", _("Data entry")
    OTHER = "other", _("Other")


class CalendarEntry(Line):
    """An activity of a calendar plan (REG-11.1e, REG-16.1.5)."""

    COLUMNS = SHOWN = ("kind", "title", "starts", "ends", "institution", "responsible")
    NAMED_BY = "title"
    KEPT = ("kind", "responsible")

    objects: ClassVar[models.Manager["CalendarEntry"]] = models.Manager()
    deliverable = models.ForeignKey("planning.Deliverable", on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=20, choices=EntryKind.choices)
    title = models.CharField(_("title"), max_length=300)
    starts = models.DateField(_("begins"))
    ends = models.DateField(_("ends"))
    institution = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )
    responsible = models.CharField(_("responsible"), max_length=200, blank=True)

    class Meta:
        ordering = ["starts", "place"]
        verbose_name = _("calendar entry")
        verbose_name_plural = _("Calendar")
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "place"], name="calendar_entry_place_unique"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="calendar_entry_ordered"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="calendar_entry_kind_known"),
        ]

    @classmethod
    def faults(cls, deliverable: "Deliverable", lines: Iterable[Line]) -> Iterator[LineFault]:
        stages = deliverable.engagement.stages_now().values()
        for line in _entries(lines):
            if line.ends < line.starts:
                yield LineFault(line, "ends", gettext("It ends before it begins."))
            elif not stages:
                yield LineFault(line, "starts", gettext("Set the dates of all stages first."))
            else:
                yield from line.days_outside(
                    min(row.planned_start for row in stages), max(row.planned_end for row in stages)
                )

    def days_outside(self, first: date, last: date) -> Iterator[LineFault]:
        """Which of its days lie outside of the stages."""
        sentence = gettext("The stages of the monitoring last from %(first)s to %(last)s.")
        for name in ("starts", "ends"):
            if not first <= getattr(self, name) <= last:
                yield LineFault(self, name, sentence % {"first": f"{first:%d.%m.%Y}", "last": f"{last:%d.%m.%Y}"})

    def clash(self, other: "CalendarEntry") -> str:
        """Which institution or person both need on one day; empty when there is none."""
        if self.ends < other.starts or other.ends < self.starts:
            return ""
        if self.institution_id and self.institution_id == other.institution_id:
            return str(self.institution)
        mine, others = (entry.responsible.strip().casefold() for entry in (self, other))
        return self.responsible.strip() if mine and mine == others else ""

    @property
    def days(self) -> str:
        return " – ".join(dict.fromkeys(f"{day:%d.%m.%Y}" for day in (self.starts, self.ends)))

    @classmethod
    def misfits(cls, deliverable: "Deliverable", lines: Iterable[Line]) -> Iterator[Misfit]:
        """What the stages leave no room for, needs an institution or person twice, or meets another monitoring."""
        entries = _entries(lines)
        for fault in cls.faults(deliverable, entries):
            yield Misfit([fault.line], f"“{fault.line}”: {fault.sentence}")
        for earlier, later in _overlapping(entries):
            if clash := earlier.clash(later):
                yield Misfit([earlier, later], f"“{earlier}” – “{later}” ({clash})")
        for line, other in cls._met(deliverable, entries):
            place = f"{other.deliverable.engagement.number}, {other.days} ({other.institution})"
            yield Misfit([line], f"“{line}” – {place}")

    @classmethod
    def _met(
        cls, deliverable: "Deliverable", lines: Sequence["CalendarEntry"]
    ) -> Iterator[tuple["CalendarEntry", "CalendarEntry"]]:
        """Entries with those of approved calendars of other monitorings that visit an institution on the same day."""
        visited = {line.institution_id for line in lines if line.institution_id}
        if not visited:
            return
        others = cls.objects.filter(institution__in=visited, deliverable__state=State.APPROVED).exclude(
            deliverable__engagement=deliverable.engagement_id
        )
        running = others.exclude(deliverable__engagement__state=EngagementState.CANCELLED)
        taken = list(running.select_related("deliverable__engagement", "institution"))
        for line in lines:
            for other in taken:
                if line.institution_id == other.institution_id and line.clash(other):
                    yield line, other


def _overlapping(entries: Iterable[CalendarEntry]) -> Iterator[tuple[CalendarEntry, CalendarEntry]]:
    """Pairs that share a day, the one that begins first before the other."""
    running: list[CalendarEntry] = []
    for entry in sorted(entries, key=lambda entry: (entry.starts, entry.place)):
        running = [earlier for earlier in running if earlier.ends >= entry.starts]
        yield from ((earlier, entry) for earlier in running)
        running.append(entry)


def _entries(lines: Iterable[Line]) -> list[CalendarEntry]:
    return [line for line in lines if isinstance(line, CalendarEntry)]
