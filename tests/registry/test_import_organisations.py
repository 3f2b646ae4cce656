"""Tables of organisations: what each row adds or changes, and what is wrong with it."""

from collections.abc import Callable

import pytest

from cases.registry.imports.preview import Preview
from cases.registry.models import Organisation
from tests.cast import Cast
from tests.registry.importing import TREE, counts, said
from tests.registry.trail import events
from workflow.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
Taking = Callable[..., dict[str, int]]


def test_organisations_are_added_and_changed_whatever_the_order_of_the_rows(cast: Cast, taken: Taking) -> None:
    assert taken("organisations", TREE) == counts(new=2, changed=1, same=1)
    college = Organisation.objects.get(code="F-1")
    assert (college.parent, college.region, college.languages) == (
        Organisation.objects.get(code="U-9"), "osh", ["ky", "ru"]
    )  # fmt: skip
    cast.college.refresh_from_db()
    assert cast.college.parent == college.parent
    assert Organisation.objects.matching("онор").get() == college


def test_the_same_organisations_twice_change_nothing(cast: Cast, taken: Taking) -> None:
    taken("organisations", TREE)
    before = Event.objects.count()
    assert taken("organisations", TREE) == counts(same=4)
    assert Event.objects.count() == before


def test_each_row_is_recorded_with_its_file_and_number(cast: Cast, taken: Taking) -> None:
    taken("organisations", TREE)
    [added] = events("organisation", Organisation.objects.get(code="F-1").pk)
    assert (added.action, added.actor, added.role) == ("add_organisation", cast.registrar, "registrar")
    assert (added.said["file"], added.said["row"]) == ("table.csv", 2)
    university = Organisation.objects.get(code="U-9")
    assert added.said["inputs"]["parent_id"] == university.pk
    [changed] = events("organisation", cast.college.pk)
    assert changed.said["changes"] == {"parent_id": [None, university.pk]}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",institution,college,A,,,,", "code: This cell is empty."),
        ("a/b,institution,college,A,,,,", "code: Use letters, digits, dots, hyphens and underscores only."),
        ("X,club,college,A,,,,", "kind: “club” is not known here. Known are: ministry, department, "),
        ("X,,college,A,,,,", "kind: This field cannot be blank."),
        ("X,institution,,A,,,,", "institution_type: Say what type of institution it is."),
        ("X,contractor,college,A,,,,", "institution_type: Only institutions have a type."),
        ("X,institution,college,,,,,", "name_ky: Give the name in at least one language."),
        ("X,institution,college," + "a" * 301 + ",,,,", "name_ky: Ensure this value has at most 300 characters"),
        ("X,institution,college,A,,mars,,", "region: “mars” is not known here."),
        ("X,institution,college,A,,,\"ky, de\",", "languages: “de” is not known here. Known are: ky, ru, en."),
        ("X,institution,college,A,,,,NONE", "parent: No organisation has the code “NONE”."),
        ("UNI,department,,,,,,", "kind: The kind of an organisation stays."),
        ("UNI,,,,,,,UNI", "parent: An organisation cannot be a part of itself."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_organisation_is_told_at_its_column(
    planned: Callable[[str, str], Preview], row: str, problem: str
) -> None:
    heading = "code,kind,institution_type,name_ky,name_ru,region,languages,parent"
    found = planned("organisations", f"{heading}\n{row}\n")
    assert any(one.startswith(problem) for one in said(found.lines[0])), said(found.lines[0])


def test_a_code_twice_and_what_depends_on_a_wrong_row_are_not_right(planned: Callable[[str, str], Preview]) -> None:
    found = planned(
        "organisations",
        "code,kind,institution_type,name_ky,parent\n"
        "A,institution,college,A,B\nB,institution,,B,\na,institution,college,A,\nC,institution,college,C,A\n",
    )
    assert [said(line) for line in found.lines] == [
        [": Row 3, which this one depends on, has an error."],
        ["institution_type: Say what type of institution it is."],
        ["code: Row 2 has the same code."],
        [": Row 2, which this one depends on, has an error."],
    ]


def test_a_circle_of_new_organisations_is_not_right(planned: Callable[[str, str], Preview]) -> None:
    found = planned(
        "organisations",
        "code,kind,institution_type,name_ky,parent\nA,institution,college,A,B\nB,institution,college,B,A\n",
    )
    assert not found.steps()
