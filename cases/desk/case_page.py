"""What the page of a case of any kind shows: tasks, buttons, parts, comments, documents and history."""

from functools import cached_property
from typing import Any

from django.utils import timezone

from cases.desk.entries import Button, Choices, Entry, Named, Remark, Task, in_turn, remarks, tasks
from cases.desk.history import history_of
from cases.desk.kinds import kind_of, kinds
from cases.desk.models import Comment, Document
from cases.desk.stepper import steps_of
from cases.registry.models import Organisation, User
from workflow.case import Case
from workflow.may import can, options
from workflow.models import Event, Expectation

SHOWN_ENTRIES = 12


class CaseParts:
    """A case as `reader` may see it; each part asks a constant number of queries."""

    def __init__(self, case: Case, reader: User) -> None:
        self.case, self.reader, self.kind = case, reader, kind_of(case)

    def context(self) -> dict[str, Any]:
        """Everything that templates/desk/case.html takes."""
        entries = self.entries
        return {
            "case": self.case,
            "reader": self.reader,
            "steps": steps_of(self.case, self.kind.way, self.entered, self.due),
            "tasks": [task for task in self.tasks if not task.is_extra],
            "extra_tasks": [task for task in self.tasks if task.is_extra],
            "choices": Choices.of(self.buttons),
            "can": self.can,
            "facts": self.kind.facts(self.case) if self.kind.facts else (),
            "sections": [
                {"template": section.template, "context": section.context(self.case, self.reader)}
                for section in self.kind.sections
            ],
            "parts": self.parts,
            "comments": self.comments,
            "documents": self.documents,
            "entries": entries[:SHOWN_ENTRIES],
            "older_entries": entries[SHOWN_ENTRIES:],
        }

    @cached_property
    def can(self) -> dict[str, bool]:
        return can(self.case, self.reader)

    @cached_property
    def parts(self) -> list[Case]:
        """Cases that are about this one, as far as the reader may see them."""
        found: list[Case] = []
        for kind in kinds().values():
            about = kind.model._meta.get_field(kind.model.ABOUT) if kind.is_part else None
            if about is not None and about.related_model is type(self.case):
                rows: Any = kind.model._default_manager
                found += (
                    rows.visible_to(self.reader, by_key=True).filter(**{kind.model.ABOUT: self.case}).order_by("id")
                )
        return found

    @cached_property
    def tasks(self) -> list[Task]:
        rows = Expectation.objects.open().filter(about_type=self.case.CASE_TYPE, about_id=self.case.pk)
        seen = {(part.CASE_TYPE, part.pk) for part in (self.case, *self.parts)}
        owed = [row for row in rows.select_related("assignee").order_by("due", "id") if _subject(row) in seen]
        organisations = Organisation.objects.in_bulk([row.organisation_id for row in owed])
        names = {pk: str(organisation) for pk, organisation in organisations.items()}
        return tasks(self.case, [Named(row, str(row.assignee or "")) for row in owed], self.reader, names)

    @cached_property
    def buttons(self) -> list[Button]:
        """The reader's acts on the case and on its parts; those that answer an open task first."""
        own = in_turn(options(self.case, self.reader), self.case, self.tasks)
        others = [in_turn(options(part, self.reader), part, self.tasks, is_own=False) for part in self.parts]
        return [*own, *(button for buttons in others for button in buttons)]

    @property
    def due(self) -> Any:
        """When the present step is expected to end."""
        own = (task.expectation.due for task in self.tasks if task.expectation.subject_type == self.case.CASE_TYPE)
        return next(own, None)

    @cached_property
    def entered(self) -> dict[str, Any]:
        """state -> the day on which the case last came into it, from the trail."""
        rows = Event.objects.of(self.case.CASE_TYPE, self.case.pk).order_by("id").values_list("target", "at")
        return {target: timezone.localdate(at) for target, at in rows}

    @cached_property
    def comments(self) -> list[Remark]:
        rows = Comment.objects.visible_to(self.reader, self.case).select_related("written_by")
        return remarks((Named(comment, str(comment.written_by)) for comment in rows), str(self.kind.readers))

    @cached_property
    def documents(self) -> list[Document]:
        return list(Document.objects.of(self.case).newest().select_related("received_from"))

    @cached_property
    def entries(self) -> list[Entry]:
        return history_of(self.case, self.parts, reader=self.reader)


def _subject(row: Expectation) -> tuple[str, int]:
    return row.subject_type, row.subject_id
