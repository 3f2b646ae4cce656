"""What the trail's pages call actions, states and cases, and where a case's page is."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cases.registry.models import Organisation
from cases.registry.verbs import ACTIONS as REGISTRY_ACTIONS
from workflow.case import case_types
from workflow.may import action_label
from workflow.models import Event, EventDetails
from workflow.texts import Text
from workflow.trail.checking import BROKEN
from workflow.trail.erasure import ERASE, FOUND_ERASED
from workflow.trail.history import actor_name, role_label, state_name
from workflow.trail.readable import subject_model

OWN_ACTIONS = {
    BROKEN: gettext_lazy("Trail found broken"),
    ERASE: gettext_lazy("Erase the details of an event"),
    FOUND_ERASED: gettext_lazy("Details found erased"),
}
"""What is done to the trail itself."""


@dataclass(frozen=True)
class TrailLine:
    """An event as the list and the .csv show it; `organisation` is the name of the one it was done under."""

    event: Event
    organisation: str

    @property
    def actor(self) -> str:
        return actor_name(self.event)

    @property
    def role(self) -> str:
        return _role(self.event.role, get_language())

    @property
    def action(self) -> str:
        return _action(self.event.subject_type, self.event.action, get_language())

    @property
    def source(self) -> str:
        return _state(self.event.subject_type, self.event.source, get_language())

    @property
    def target(self) -> str:
        return _state(self.event.subject_type, self.event.target, get_language())

    @property
    def moved(self) -> bool:
        return self.event.source != self.event.target

    @property
    def subject(self) -> str:
        """What kind of thing the event is about."""
        return _subject(self.event.subject_type, get_language())

    @property
    def url(self) -> str:
        """The case's page; the registry's pages are for registrars, so they are not linked."""
        event = self.event
        if event.subject_type == EventDetails.TRAIL_TYPE:
            return reverse("trail_event", args=[event.subject_id])
        if event.subject_type not in case_types():
            return ""
        return reverse("case_by_key", args=[event.subject_type, event.subject_id])


def lines(events: list[Event]) -> list[TrailLine]:
    """With the names of the organisations: one query."""
    ids = {event.organisation_id for event in events if event.organisation_id}
    names = {pk: str(row) for pk, row in Organisation.objects.in_bulk(list(ids)).items()}
    return [TrailLine(event, _name(names, event.organisation_id)) for event in events]


def action_choices() -> Iterator[tuple[str, list[tuple[str, Text]]]]:
    """Every action that the trail may name, by what it is done to: `recommendation.issue`, `.add_person`."""
    for name, model in case_types().items():
        label = capfirst(str(model._meta.verbose_name))
        yield str(label), [(f"{name}.{action}", label) for action, label in model.ACTIONS.choices]
    yield _("Registry"), [(f".{action}", label) for action, label in REGISTRY_ACTIONS.choices]
    yield _("Trail"), [(f".{action}", label) for action, label in OWN_ACTIONS.items()]


def _name(names: dict[int, str], pk: int | None) -> str:
    return names.get(pk, f"#{pk}") if pk else ""


# An export asks the same few words a million times; they depend on the language that is set.


@lru_cache(maxsize=1000)
def _action(subject_type: str, action: str, language: str | None) -> str:
    case_type = case_types().get(subject_type)
    if case_type:
        return action_label(case_type, action)
    return str({**dict(REGISTRY_ACTIONS.choices), **OWN_ACTIONS}.get(action, action))


@lru_cache(maxsize=1000)
def _state(subject_type: str, state: str, language: str | None) -> str:
    case_type = case_types().get(subject_type)
    return state_name(case_type, state) if case_type else state


@lru_cache(maxsize=1000)
def _role(role: str, language: str | None) -> str:
    return role_label(role)


@lru_cache(maxsize=1000)
def _subject(subject_type: str, language: str | None) -> str:
    model = subject_model(subject_type)
    return str(capfirst(str(model._meta.verbose_name))) if model else subject_type
