"""What the page of a case of any kind shows: tasks, buttons, parts, comments, documents and history."""

from collections.abc import Set
from datetime import date
from functools import cached_property

from django.utils import timezone

from cases.desk.access import all_of, documents_of
from cases.desk.entries import Button, Choices, HistoryEntry, Named, Remark, Task, in_turn, remarks, tasks
from cases.desk.history import history_of
from cases.desk.kinds import StepDates, kind_of, kinds, shown_sections
from cases.desk.models import Comment, Document
from cases.desk.slices import long_parts
from cases.desk.stepper import steps_of
from cases.desk.tabs import tabs_of
from cases.registry.models import Organisation, User
from cases.registry.requests import SignedInRequest
from workflow.case import Case
from workflow.may import can, options
from workflow.models import Event, Expectation


class CaseParts:
    """A case as `reader` may see it; each part runs a constant number of queries."""

    def __init__(self, case: Case, reader: User) -> None:
        self.case, self.reader, self.kind = case, reader, kind_of(case)

    def context(self, request: SignedInRequest) -> dict[str, object]:
        """Everything that templates/desk/case.html takes."""
        return {
            "case": self.case,
            "reader": self.reader,
            "steps": steps_of(self.case, self.kind.way, self.dates, self.due),
            "tasks": [task for task in self.tasks if not task.is_extra],
            "extra_tasks": [task for task in self.tasks if task.is_extra],
            "choices": Choices.of(self.buttons),
            "can": self.can,
            "facts": self.kind.facts(self.case) if self.kind.facts else (),
            "sections": shown_sections(self.case, self.reader),
            "parts": self.parts,
            "tabs": tabs_of(self.case, self.reader),
            **({} if self.kind.tabs else {"documents": self.documents}),
            **long_parts(request, [] if self.kind.tabs else self.entries, self.comments),
        }

    def past(self, request: SignedInRequest) -> dict[str, object]:
        """What templates/desk/past.html takes: documents and history."""
        return {"documents": self.documents, "can": self.can, **long_parts(request, self.entries, [])}

    @cached_property
    def can(self) -> dict[str, bool]:
        return can(self.case, self.reader)

    @cached_property
    def parts(self) -> list[Case]:
        """Cases that are about this one, as far as the reader may see them."""
        parts: list[Case] = []
        for kind in kinds().values():
            about = kind.model._meta.get_field(kind.model.ABOUT) if kind.is_part else None
            if about is not None and about.related_model is type(self.case):
                rows = all_of(kind.model).visible_to(self.reader, by_key=True)
                parts += rows.filter(**{kind.model.ABOUT: self.case}).order_by("id")
        return parts

    @cached_property
    def tasks(self) -> list[Task]:
        rows = Expectation.objects.open().filter(about_type=self.case.CASE_TYPE, about_id=self.case.pk)
        seen = {(part.CASE_TYPE, part.pk) for part in (self.case, *self.parts)}
        owed = [row for row in rows.select_related("assignee").order_by("due", "id") if _subject(row) in seen]
        names = self._names_of({row.organisation_id for row in owed})
        return tasks(self.case, [Named(row, str(row.assignee or "")) for row in owed], self.reader, names)

    def _names_of(self, ids: Set[int]) -> dict[int, str]:
        """Most are organisations of the case, which its door has read along."""
        read = [row for row in self.case._state.fields_cache.values() if isinstance(row, Organisation)]
        unread = ids - {row.pk for row in read}
        rows = [*read, *(Organisation.objects.filter(pk__in=unread) if unread else ())]
        return {row.pk: str(row) for row in rows}

    @cached_property
    def buttons(self) -> list[Button]:
        """The reader's acts on the case and on its parts; those that answer an open task first."""
        own = in_turn(options(self.case, self.reader), self.case, self.tasks)
        others = [in_turn(options(part, self.reader), part, self.tasks, is_own=False) for part in self.parts]
        return [*own, *(button for buttons in others for button in buttons)]

    @property
    def due(self) -> date | None:
        """When the present step is expected to end."""
        own = (task.expectation.due for task in self.tasks if task.expectation.subject_type == self.case.CASE_TYPE)
        return next(own, None)

    @cached_property
    def dates(self) -> StepDates:
        """As the record keeps them, else from the trail; those of an ended case from the trail."""
        is_open = self.case.follow("state") not in self.case.ended_states()
        if self.kind.step_dates and is_open:
            return self.kind.step_dates(self.case)
        rows = Event.objects.of(self.case.CASE_TYPE, self.case.pk).order_by("id").values_list("target", "at")
        return StepDates({target: timezone.localdate(at) for target, at in rows})

    @cached_property
    def comments(self) -> list[Remark]:
        rows = Comment.objects.visible_to(self.reader, self.case).select_related("written_by")
        return remarks((Named(comment, str(comment.written_by)) for comment in rows), str(self.kind.readers))

    @cached_property
    def documents(self) -> list[Document]:
        return list(documents_of(self.case, self.reader).newest().select_related("received_from"))

    @cached_property
    def entries(self) -> list[HistoryEntry]:
        return history_of(self.case, self.parts, reader=self.reader)


def _subject(row: Expectation) -> tuple[str, int]:
    return row.subject_type, row.subject_id
