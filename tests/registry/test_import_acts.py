"""Tables of legal acts: what each row adds or changes, and what is wrong with it."""

from collections.abc import Callable

import pytest

from cases.registry.imports.preview import Preview
from cases.registry.models import LegalAct
from tests.registry.importing import ACTS, counts, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
Taking = Callable[..., dict[str, int]]


def test_acts_are_known_by_kind_number_date_and_title(taken: Taking) -> None:
    assert taken("acts", ACTS) == counts(new=2)
    assert LegalAct.objects.get(number="5/1").date == "2023-12-22"
    assert taken("acts", ACTS) == counts(same=2)
    assert taken("acts", ACTS.replace("Министрлик", "Өкмөт")) == counts(same=1, changed=1)
    assert taken("acts", ACTS.replace("law,,2023", "law,,2024")) == counts(changed=1, new=1)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",1,2023,A", "kind: This cell is empty."),
        ("song,1,2023,A", "kind: “song” is not known here."),
        ("law,1,2023-13-01,A", "date: Write the date as"),
        ("law,1,40.13.2023,A", "date: “40.13.2023” is not a valid date."),
        ("law,,,", "title_ky: Give the title, or at least a number or a date."),
    ],
)
def test_what_is_wrong_with_an_act_is_told_at_its_column(
    planned: Callable[[str, str], Preview], row: str, problem: str
) -> None:
    found = planned("acts", f"kind,number,date,title_ky\n{row}\n")
    assert any(one.startswith(problem) for one in said(found.lines[0])), said(found.lines[0])


def test_an_act_twice_in_the_table_is_not_right(planned: Callable[[str, str], Preview]) -> None:
    found = planned("acts", "kind,number,title_ky\nlaw,1,A\nlaw,1,A\n")
    assert [said(line) for line in found.lines] == [[], [": Row 2 names the same act."]]
