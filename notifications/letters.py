"""What a message says: subject and letter, in the language that is active; never a text of the case itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse

from cases.desk.entries import task_label
from cases.desk.kinds import kind_of
from cases.desk.models import Export
from cases.registry.models import Membership, Organisation
from cases.registry.verbs import password_path
from notifications.ahead import Ahead, cases_of
from notifications.asked import asked_of
from notifications.models import (
    ACCESS_WITHDRAWN,
    DUTIES_LEFT,
    EXPORT_FAILED,
    EXPORT_READY,
    NOBODY_CAN,
    PASSWORD_LINK,
    TRAIL_BROKEN,
    Message,
)
from notifications.unmanned import duty_of, what_ended
from workflow.case import Case, case_types
from workflow.may import action_label
from workflow.models import Expectation, TrailCheck
from workflow.roles import Actor, Role


@dataclass(frozen=True)
class LetterDuty:
    """What the reader has to do on the case, and by when."""

    label: str
    due: date


def written(message: Message, ahead: Ahead) -> tuple[str, str]:
    """Subject and text of the e-mail; `ahead` has read what it tells of."""
    if message.template == PASSWORD_LINK:
        person = message.recipient
        return _one_line(message, {}), _text(message, {"recipient": person, "url": _full(password_path(person))})
    if message.template == TRAIL_BROKEN:
        return subject(message, None), _alarm(message)
    if message.template in (EXPORT_READY, EXPORT_FAILED):
        return subject(message, None), _of_export(message)
    if message.template == DUTIES_LEFT:
        return subject(message, None), _of_what_ended(message)
    if message.event.subject_type not in case_types():
        return _one_line(message, {}), _text(message, _of_account(message))
    case = ahead.case(message.event)
    if message.template == NOBODY_CAN:
        return subject(message, case), _warning(message, case)
    return subject(message, case), letter(message, case, ahead)


def _of_account(message: Message) -> dict[str, object]:
    """What a letter about an account may say; `is_old` when it goes to the address given up."""
    event = message.event
    is_role = event.subject_type == Membership.TRAIL_TYPE
    role = Membership.objects.select_related("organisation").get(pk=event.subject_id) if is_role else None
    is_organisation = event.subject_type == Organisation.TRAIL_TYPE
    return {
        "recipient": message.recipient,
        "membership": role,
        "organisation": Organisation.objects.get(pk=event.subject_id) if is_organisation else None,
        "is_old": bool(message.address),
        "at": event.at,
    }


def subject(message: Message, case: Case | None) -> str:
    """One line, as plain text; `case` is None where the message is about none."""
    return _one_line(message, _facts(message, case) if case else {})


def letter(message: Message, case: Case, ahead: Ahead) -> str:
    """The whole text of the e-mail."""
    context = {
        "recipient": message.recipient,
        **_facts(message, case),
        "concerned": case.concerned,
        "concerned_label": kind_of(case).concerned,
        "noted": list(case.noted),
        "duties": duties(ahead.expected_of(case), message.recipient),
        "asked": asked_of(message.recipient, [message], {(case.CASE_TYPE, case.pk): case}).get(message.pk, ()),
        "url": _full(address(case)),
    }
    return _text(message, context)


def _facts(message: Message, case: Case) -> dict[str, str]:
    """What every subject and text may say: which case, and what was done."""
    return {"number": case.number, "action": action_label(case, message.event.action)}


def place(message: Message) -> str:
    """The path of the page that a message in the app leads to."""
    if message.template == TRAIL_BROKEN:
        return reverse("trail")
    if message.template in (EXPORT_READY, EXPORT_FAILED):
        return Export.objects.get(event=message.event_id).get_absolute_url()
    if message.template == DUTIES_LEFT:
        ended = what_ended(message.event)
        return (ended.person if isinstance(ended, Membership) else ended).get_absolute_url()
    if message.template == NOBODY_CAN:
        return duty_of(message)[1].get_absolute_url()
    if message.template == ACCESS_WITHDRAWN:
        return reverse("inbox")
    [case] = cases_of([message.event]).values()
    return address(case)


def address(case: Case) -> str:
    """The path of the page that shows the case."""
    return case.get_absolute_url()


def duties(expected: Iterable[Expectation], reader: Actor) -> list[LetterDuty]:
    """Of what is expected, the reader's part: each action once, by its earliest term."""
    earliest: dict[str, LetterDuty] = {}
    for owed in expected:
        if owed.is_owed_by(reader) or owed.is_prepared_by(reader):
            earliest.setdefault(owed.action, LetterDuty(task_label(owed), owed.due))
    return list(earliest.values())


def _alarm(message: Message) -> str:
    check = TrailCheck.objects.get(pk=message.event.subject_id)
    return _text(message, {"recipient": message.recipient, "check": check, "url": _full(place(message))})


def _of_export(message: Message) -> str:
    export = Export.objects.get(event=message.event_id)
    return _text(message, {"recipient": message.recipient, "export": export, "url": _full(export.get_absolute_url())})


def _of_what_ended(message: Message) -> str:
    ended = what_ended(message.event)
    membership = ended if isinstance(ended, Membership) else None
    context = {"recipient": message.recipient, "ended": ended, "membership": membership, "url": _full(place(message))}
    return _text(message, context)


def _full(path: str) -> str:
    """The address as a letter gives it."""
    return settings.SITE_URL.rstrip("/") + path


def _warning(message: Message, case: Case) -> str:
    owed, organisation = duty_of(message)
    context = {
        "recipient": message.recipient,
        **_facts(message, case),
        "expected": action_label(case_types()[owed.subject_type], owed.action),
        "role": Role(owed.role).label,
        "organisation": organisation,
        "url": _full(place(message)),
    }
    return _text(message, context)


def _one_line(message: Message, context: Mapping[str, object]) -> str:
    return " ".join(_render(f"{message.template}.subject.txt", context).split())


def _text(message: Message, context: Mapping[str, object]) -> str:
    return _render(f"{message.template}.txt", context).strip() + "\n"


def _render(name: str, context: Mapping[str, object]) -> str:
    # Plain text: nothing is escaped here, so nothing of it may go into a page unescaped.
    template: Any = get_template(f"notifications/{name}")
    return str(template.template.render(Context(dict(context), autoescape=False)))
