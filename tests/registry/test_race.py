"""Two registrars who press in the same second: one succeeds, the other gets a sentence."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from cases.registry.models import LegalAct, Membership, Organisation
from cases.registry.verbs import add_act, add_organisation, give_membership
from tests.cast import Cast
from workflow.door import Refused
from workflow.models import Event
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = legal_date()


def both_at_once(act: Callable[[int], Any]) -> list[bool]:
    """Whether each of two people, who start together, succeeded."""
    start = Barrier(2)

    def one(number: int) -> bool:
        try:
            start.wait()
            act(number)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, range(2)))


def test_the_same_code_is_given_once(cast: Cast) -> None:
    cast.registrar.role_map  # noqa: B018 - read before the threads share it
    assert both_at_once(
        lambda number: add_organisation(by=cast.registrar, code="NEW", kind="contractor", name_ky=f"N{number}")
    ) == [False, True]
    assert Organisation.objects.filter(code="NEW").count() == 1
    assert Event.objects.filter(subject_type="organisation").count() == 1


def test_the_same_act_is_added_once(cast: Cast) -> None:
    cast.registrar.role_map  # noqa: B018 - read before the threads share it
    assert both_at_once(lambda number: add_act(by=cast.registrar, kind="order", number="1")) == [False, True]
    assert LegalAct.objects.count() == 1


def test_the_same_role_is_given_once(cast: Cast) -> None:
    cast.registrar.role_map  # noqa: B018 - read before the threads share it

    def give(number: int) -> None:
        starts = TODAY + timedelta(days=number)
        give_membership(cast.stranger, cast.college, "institution_officer", starts=starts, by=cast.registrar)

    assert both_at_once(give) == [False, True]
    assert Membership.objects.filter(person=cast.stranger).count() == 1
