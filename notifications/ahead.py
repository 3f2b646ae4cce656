"""Reads what letters tell of for several of them at once: cases, what is expected on them, their readers' roles."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from cases.desk.access import all_of
from cases.desk.kinds import kind_of
from cases.registry.models import read_roles
from notifications.models import TO_OTHERS, Message
from workflow.case import Case, case_types
from workflow.models import Event, Expectation
from workflow.roles import Actor

Key = tuple[str, int]
"""The type of a case and its id."""


class Ahead:
    """What these messages need, by a few queries for all of them; their recipients know their roles."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = {message.pk: message for message in messages}
        self.cases = cases_of(message.event for message in messages)
        self.expected = expected_on(self.cases.values())
        read_roles([message.recipient for message in messages])

    def case(self, event: Event) -> Case:
        return self.cases[event.subject_type, event.subject_id]

    def expected_of(self, case: Case) -> list[Expectation]:
        """What is expected on the page that shows the case, by term; of the case itself first."""
        own = (case.CASE_TYPE, case.pk)
        rows = self.expected.get((case.about.CASE_TYPE, case.about.pk), [])
        return sorted(rows, key=lambda row: (row.subject_type, row.subject_id) != own)


def is_hidden(message: Message) -> bool:
    """Whether it is about a case that its recipient does not see now, as after the end of a grant. One query.

    Their roles are those that the recipient knows already.
    """
    key = (message.event.subject_type, message.event.subject_id)
    if message.template in TO_OTHERS or key[0] not in case_types():
        return False
    return key not in visible_among(message.recipient, [key])


def visible_among(reader: Actor, keys: Iterable[Key]) -> set[Key]:
    """Of these types and ids of cases, those that the reader sees. One query for each case type."""
    seen: set[Key] = set()
    for case_type, ids in _ids(keys).items():
        rows = all_of(case_types()[case_type]).visible_to(reader, by_key=True).filter(pk__in=ids)
        seen.update((case_type, pk) for pk in rows.values_list("pk", flat=True))
    return seen


def cases_of(events: Iterable[Event]) -> dict[Key, Case]:
    """Each with the organisation it addresses; one query for each case type.

    Events that are about no case are left out.
    """
    return cases_by_key((event.subject_type, event.subject_id) for event in events)


def cases_by_key(keys: Iterable[Key]) -> dict[Key, Case]:
    """The same for the types and ids of cases."""
    return {(case_type, case.pk): case for case_type, pks in _ids(keys).items() for case in _load(case_type, pks)}


def _ids(keys: Iterable[Key]) -> dict[str, set[int]]:
    """By case type."""
    ids: dict[str, set[int]] = {}
    for case_type, pk in keys:
        if case_type in case_types():
            ids.setdefault(case_type, set()).add(pk)
    return ids


def expected_on(cases: Iterable[Case]) -> dict[Key, list[Expectation]]:
    """By the case on whose page it is shown, in the order of the terms."""
    pages = {(case.about.CASE_TYPE, case.about.pk) for case in cases}
    if not pages:
        return {}
    wanted = Q()
    for about_type, about_id in pages:
        wanted |= Q(about_type=about_type, about_id=about_id)
    expected: dict[Key, list[Expectation]] = {}
    for row in Expectation.objects.open().filter(wanted).order_by("due", "id"):
        expected.setdefault((row.about_type, row.about_id), []).append(row)
    return expected


def _load(case_type: str, pks: set[int]) -> QuerySet[Case]:
    model = case_types()[case_type]
    related = [path.removesuffix("_id") for path in (model.PARTIES.addressed, model.ABOUT) if path]
    return model._base_manager.select_related(*related, *kind_of(model).reads).filter(pk__in=pks)
