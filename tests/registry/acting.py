"""What the tests of the registry's verbs share: a refusal's sentence, and what is filled in."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cases.registry.models import Membership, User
from cases.registry.verbs.recording import Right, registrar
from workflow.door import Refused
from workflow.models import Event

COLLEGE: dict[str, Any] = {"code": "K-1", "kind": "institution", "institution_type": "college", "name_ky": "Өнөр"}
PERSON = {"email": "Nur@Test.Example ", "full_name": "Нур (test)", "post": "декан", "language": "ky"}
ACT = {"kind": "order", "number": "5/1", "date": "2026-02-03", "title_ky": "Буйрук"}


def refusal(act: Callable[[], Any]) -> str:
    """The sentence; and nothing was recorded."""
    before = Event.objects.count()
    with pytest.raises(Refused) as caught:
        act()
    assert Event.objects.count() == before
    return caught.value.sentence


def decided(by: User) -> Right:
    """As if two people had decided it, the second of them this one."""
    return replace(registrar(by), is_decided=True)


def membership_of(person: User) -> Membership:
    return Membership.objects.get(person=person)
