"""The records of the toys."""

from django.db import models

from cases.registry.models import Organisation, User
from tests.toys.note import NoteLifecycle
from tests.toys.visit import VisitLifecycle
from workflow.case import CaseQuerySet


class Visit(VisitLifecycle):
    title = models.CharField(max_length=200)
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    coordinator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    expert = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    sampled = models.ManyToManyField(Organisation, related_name="+")
    leader = models.CharField(max_length=100, blank=True)
    size = models.PositiveSmallIntegerField(default=0)
    summary = models.TextField(blank=True)

    objects = CaseQuerySet.as_manager()

    @property
    def headline(self) -> str:
        return self.title


class Note(NoteLifecycle):
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(max_length=200)

    objects = CaseQuerySet.as_manager()

    @property
    def headline(self) -> str:
        return self.text
