"""Legal acts are added, changed, deactivated and reactivated; refused with a sentence; recorded."""

import pytest

from cases.registry.models import LegalAct
from cases.registry.verbs import (
    add_act,
    change_act,
    deactivate_act,
    fingerprint,
    reactivate_act,
)
from tests.cast import Cast
from tests.registry.acting import ACT, refusal
from tests.registry.trail import events

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_an_act_is_added_changed_deactivated_and_reactivated(cast: Cast) -> None:
    act = add_act(by=cast.registrar, **ACT)
    change_act(act, by=cast.registrar, seen=fingerprint(act), issuer_ky="Министрлик")
    deactivate_act(act, by=cast.registrar, reason="repealed")
    reactivate_act(act, by=cast.registrar)
    found = events("legal_act", act.pk)
    assert {event.number for event in found} == {f"A-{act.pk}"}
    assert [event.action for event in found] == ["add_act", "change_act", "deactivate_act", "reactivate_act"]
    assert found[1].said == {"changes": {"issuer_ky": [None, "Министрлик"]}}
    assert LegalAct.objects.matching("мин 5 буй").get() == act


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "song"}, "Kind: Value 'song' is not a valid choice."),
        ({"date": "2026-13"}, "Date: Write the date as 2023-12-22, 2023-12, 2023 or 2024-2025."),
        ({"date": "3.2.2026"}, "Date: Write the date as 2023-12-22, 2023-12, 2023 or 2024-2025."),
        ({"number": "", "date": "", "title_ky": ""}, "Title (Kyrgyz): Give the title, or at least a number or a date."),
        ({"link": "javascript:alert(1)"}, "Link: Enter a valid URL."),
    ],
)
def test_a_wrong_act_is_refused(cast: Cast, fields: dict[str, str], sentence: str) -> None:
    assert refusal(lambda: add_act(by=cast.registrar, **{**ACT, **fields})) == sentence


@pytest.mark.parametrize("day", ["2026", "2026-02", "2026-02-28", "2024-2025"])
def test_the_date_of_an_act_is_as_exact_as_it_is_printed(cast: Cast, day: str) -> None:
    assert add_act(by=cast.registrar, **{**ACT, "date": day}).date == day


def test_the_same_act_is_not_added_twice(cast: Cast) -> None:
    add_act(by=cast.registrar, **ACT)
    assert refusal(lambda: add_act(by=cast.registrar, **{**ACT, "issuer_ky": "x"})) == (
        "This act is in the registry already."
    )
    add_act(by=cast.registrar, **{**ACT, "title_ky": "Башка"})
