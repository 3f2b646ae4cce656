"""What a message says: subject and letter, in the language that is active; never a text of the case itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse

from cases.desk.entries import task_label
from cases.desk.kinds import kind_of
from cases.registry.models import Membership
from cases.registry.verbs import password_path
from notifications.models import NOBODY_CAN, PASSWORD_LINK, TRAIL_BROKEN, Message
from notifications.unmanned import duty_of
from workflow.case import Case, case_types
from workflow.may import action_label
from workflow.models import Event, Expectation, TrailCheck
from workflow.roles import Actor, Role


@dataclass(frozen=True)
class Duty:
    """What the reader has to do on the case, and by when."""

    label: str
    due: date


def cases_of(events: Iterable[Event]) -> dict[tuple[str, int], Case]:
    """(case type, id) -> the case with the organisation it addresses; one query for each case type.

    Events that are about no case are left out.
    """
    ids: dict[str, set[int]] = {}
    for event in events:
        if event.subject_type in case_types():
            ids.setdefault(event.subject_type, set()).add(event.subject_id)
    return {(case_type, case.pk): case for case_type, pks in ids.items() for case in _load(case_type, pks)}


def written(message: Message) -> tuple[str, str]:
    """Subject and text of the e-mail."""
    if message.template == PASSWORD_LINK:
        person = message.recipient
        url = settings.SITE_URL.rstrip("/") + password_path(person)
        return _one_line(message, {}), _text(message, {"recipient": person, "url": url})
    if message.template == TRAIL_BROKEN:
        return subject(message, None), _alarm(message)
    if message.event.subject_type not in case_types():
        return _one_line(message, {}), _text(message, _of_account(message))
    [case] = cases_of([message.event]).values()
    if message.template == NOBODY_CAN:
        return subject(message, case), _warning(message, case)
    return subject(message, case), letter(message, case, message.recipient)


def _of_account(message: Message) -> dict[str, object]:
    """What a letter about the recipient's own account may say; `is_old` when it goes to the address given up."""
    event = message.event
    is_role = event.subject_type == Membership.TRAIL_TYPE
    role = Membership.objects.select_related("organisation").get(pk=event.subject_id) if is_role else None
    return {"recipient": message.recipient, "membership": role, "is_old": bool(message.address), "at": event.at}


def subject(message: Message, case: Case | None) -> str:
    """One line, as plain text; `case` is None where the message is about none."""
    return _one_line(message, _facts(message, case) if case else {})


def letter(message: Message, case: Case, reader: Actor) -> str:
    """The whole text of the e-mail."""
    context = {
        "recipient": message.recipient,
        **_facts(message, case),
        "concerned": case.concerned,
        "concerned_label": kind_of(case).concerned,
        "noted": list(case.noted),
        "duties": duties(case, reader),
        "url": settings.SITE_URL.rstrip("/") + address(case),
    }
    return _text(message, context)


def _facts(message: Message, case: Case) -> dict[str, str]:
    """What every subject and text may say: which case, and what was done."""
    return {"number": case.number, "action": action_label(case, message.event.action)}


def place(message: Message) -> str:
    """The path of the page that a message in the app leads to."""
    if message.template == TRAIL_BROKEN:
        return reverse("trail")
    if message.template == NOBODY_CAN:
        return duty_of(message)[1].get_absolute_url()
    [case] = cases_of([message.event]).values()
    return address(case)


def address(case: Case) -> str:
    """The path of the page that shows the case."""
    shown: Any = case
    return str(shown.get_absolute_url())


def duties(case: Case, reader: Actor) -> list[Duty]:
    """What is expected of the reader on the case today: each action once, by its earliest term."""
    earliest: dict[str, Duty] = {}
    for one in _expected(case):
        if one.is_owed_by(reader) or one.is_prepared_by(reader):
            earliest.setdefault(one.action, Duty(task_label(one), one.due))
    return list(earliest.values())


def _alarm(message: Message) -> str:
    check = TrailCheck.objects.get(pk=message.event.subject_id)
    url = settings.SITE_URL.rstrip("/") + place(message)
    return _text(message, {"recipient": message.recipient, "check": check, "url": url})


def _warning(message: Message, case: Case) -> str:
    owed, organisation = duty_of(message)
    context = {
        "recipient": message.recipient,
        **_facts(message, case),
        "expected": action_label(case_types()[owed.subject_type], owed.action),
        "role": Role(owed.role).label,
        "organisation": organisation,
        "url": settings.SITE_URL.rstrip("/") + place(message),
    }
    return _text(message, context)


def _expected(case: Case) -> Iterator[Expectation]:
    """What is expected on the page that shows the case, by term; of the case itself first."""
    about = case.about
    rows = Expectation.objects.open().filter(about_type=about.CASE_TYPE, about_id=about.pk).order_by("due", "id")
    yield from sorted(rows, key=lambda row: (row.subject_type, row.subject_id) != (case.CASE_TYPE, case.pk))


def _load(case_type: str, pks: set[int]) -> Any:
    model = case_types()[case_type]
    beside = [path.removesuffix("_id") for path in (model.PARTIES.addressed, model.ABOUT) if path]
    return model._base_manager.select_related(*beside, *kind_of(model).reads).filter(pk__in=pks)


def _one_line(message: Message, context: Mapping[str, object]) -> str:
    return " ".join(_render(f"{message.template}.subject.txt", context).split())


def _text(message: Message, context: Mapping[str, object]) -> str:
    return _render(f"{message.template}.txt", context).strip() + "\n"


def _render(name: str, context: Mapping[str, object]) -> str:
    # Plain text: nothing is escaped here, so nothing of it may go into a page unescaped.
    template: Any = get_template(f"notifications/{name}")
    return str(template.template.render(Context(dict(context), autoescape=False)))
