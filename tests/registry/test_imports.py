"""Tables are planned row by row, taken when the registrar says so, and change nothing a second time."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cases.registry.imports.plan import Line, Plan
from cases.registry.imports.taking import KINDS, keep, plan, take
from cases.registry.models import LegalAct, Membership, Organisation, Upload, User
from cases.registry.verbs import change_organisation, deactivate_person, give_membership
from tests.cast import Cast
from tests.registry.trail import events
from workflow.calendar import legal_date
from workflow.lifecycle import Refused, Stale
from workflow.models import Event
from workflow.roles import Role

pytestmark = pytest.mark.django_db
TODAY = legal_date()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def as_csv(text: str, name: str = "table.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.strip().encode())


def as_xlsx(*rows: list[Any]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("table.xlsx", file.getvalue())


Taking = Callable[..., dict[str, int]]


@pytest.fixture
def planned(cast: Cast) -> Callable[[str, str], Plan]:
    return lambda kind, text: plan(keep(kind, as_csv(text), by=cast.registrar), by=cast.registrar)


@pytest.fixture
def taken(cast: Cast) -> Taking:
    """Upload, look, take; the counts."""

    def taken(kind: str, file: Any, *, only_right: bool = False) -> dict[str, int]:
        upload = keep(kind, as_csv(file) if isinstance(file, str) else file, by=cast.registrar)
        seen = plan(upload, by=cast.registrar).fingerprint()
        return take(upload, by=cast.registrar, seen=seen, only_right=only_right)

    return taken


def counts(new: int = 0, changed: int = 0, same: int = 0, wrong: int = 0) -> dict[str, int]:
    return {"new": new, "changed": changed, "same": same, "wrong": wrong}


def said(line: Line) -> list[str]:
    return [f"{one.column}: {one.sentence}" for one in line.problems]


# --- organisations ---

TREE = """
Code;Kind;institution_type;name_ky;region;languages;parent
F-1;institution;college;Өнөр колледжи;Osh region;ky, ru;u-9
U-9;Institution;university;Үлгү университети;bishkek;;
COL;;;;;;U-9
UNI;;;;;;
"""


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
    planned: Callable[[str, str], Plan], row: str, problem: str
) -> None:
    heading = "code,kind,institution_type,name_ky,name_ru,region,languages,parent"
    found = planned("organisations", f"{heading}\n{row}\n")
    assert any(one.startswith(problem) for one in said(found.lines[0])), said(found.lines[0])


def test_a_code_twice_and_what_depends_on_a_wrong_row_are_not_right(planned: Callable[[str, str], Plan]) -> None:
    found = planned(
        "organisations",
        "code,kind,institution_type,name_ky,parent\n"
        "A,institution,college,A,B\nB,institution,,B,\na,institution,college,A,\nC,institution,college,C,A\n",
    )
    assert [said(line) for line in found.lines] == [
        [": Row 3, which this one depends on, is not right."],
        ["institution_type: Say what type of institution it is."],
        ["code: Row 2 has the same code."],
        [": Row 2, which this one depends on, is not right."],
    ]


def test_a_circle_of_new_organisations_is_not_right(planned: Callable[[str, str], Plan]) -> None:
    found = planned(
        "organisations",
        "code,kind,institution_type,name_ky,parent\nA,institution,college,A,B\nB,institution,college,B,A\n",
    )
    assert not found.steps()


# --- people ---

PEOPLE = """
email,full_name,post,language,organisation,role,starts,ends
New@Test.example,Нур (test),декан,ru,uni,institution_officer,2026-01-01,
new@test.example,,,,COL,Head of institution,01.02.2026,31.12.2030
chynara@test.example,,ректор,,UNI,institution_head,,
"""


def test_people_come_with_their_roles(cast: Cast, taken: Taking) -> None:
    assert taken("people", PEOPLE) == counts(new=2, changed=1)
    person = User.objects.get(email="new@test.example")
    assert (person.full_name, person.language, person.has_usable_password()) == ("Нур (test)", "ru", False)
    assert [
        (one.organisation.code, one.role, one.starts, one.ends) for one in person.memberships.order_by("starts")
    ] == [
        ("UNI", "institution_officer", date(2026, 1, 1), None),
        ("COL", "institution_head", date(2026, 2, 1), date(2030, 12, 31)),
    ]
    cast.rector.refresh_from_db()
    assert cast.rector.post == "ректор"
    assert cast.rector.memberships.count() == 1


def test_the_same_people_twice_change_nothing(taken: Taking) -> None:
    taken("people", PEOPLE)
    before = Event.objects.count()
    assert taken("people", PEOPLE) == counts(same=3)
    assert Event.objects.count() == before


def test_the_trail_names_imported_people_in_the_details_only(taken: Taking) -> None:
    taken("people", PEOPLE)
    person = User.objects.get(email="new@test.example")
    [added] = events("person", person.pk)
    assert added.number == f"P-{person.pk}"
    assert added.said["inputs"]["email"] == "new@test.example"
    for membership in person.memberships.all():
        [given] = events("membership", membership.pk)
        assert (given.action, given.number) == ("give_membership", f"P-{person.pk}")
        assert given.said["inputs"]["person_id"] == person.pk


def test_a_role_without_a_first_day_begins_today_and_is_known_again_tomorrow(cast: Cast, taken: Taking) -> None:
    table = "email,full_name,organisation,role\nnew@test.example,N,UNI,institution_officer\n"
    taken("people", table)
    assert Membership.objects.get(person__email="new@test.example").starts == TODAY
    Membership.objects.filter(person__email="new@test.example").update(starts=TODAY - DAY)
    assert taken("people", table) == counts(same=1)


def test_a_last_day_is_moved(cast: Cast, taken: Taking) -> None:
    table = f"email,organisation,role,starts,ends\ncholpon@test.example,UNI,institution_officer,2020-01-01,{TODAY}\n"
    assert taken("people", table) == counts(changed=1)
    assert Membership.objects.get(person=cast.officer).ends == TODAY
    assert taken("people", table) == counts(same=1)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",N,,,,,,", "email: This cell is empty."),
        ("nobody,N,,,,,,", "email: Enter a valid email address."),
        ("n@x.example,,,,,,,", "full_name: This field cannot be blank."),
        ("n@x.example,N,,de,,,,", "language: “de” is not known here. Known are: ky, ru, en."),
        ("n@x.example,N,,,NONE,coordinator,,", "organisation: No organisation has the code “NONE”."),
        ("n@x.example,N,,,UNI,,,", "role: This cell is empty."),
        ("n@x.example,N,,,,coordinator,,", "organisation: This cell is empty."),
        ("n@x.example,N,,,UNI,king,,", "role: “king” is not known here."),
        ("n@x.example,N,,,UNI,coordinator,,", "role: In an organisation of this kind (Institution) the roles are:"),
        ("n@x.example,N,,,UNI,institution_head,1.13.2026,", "starts: “1.13.2026” is no date."),
        ("n@x.example,N,,,UNI,institution_head,2026-02-01,2026-01-01", "ends: The last day lies before the first."),
        ("chynara@test.example,,,,UNI,institution_head,2021-01-01,", "role: The person holds this role there already"),
        ("roza@test.example,,,,MIN,ministry_leader,,", "role: You cannot change your own roles."),
        ("stranger@test.example,,,,UNI,institution_head,,", "role: The person or the organisation is deactivated."),
        ("cholpon@test.example,,,,UNI,institution_officer,,2020-05-05", "role: The last day can be yesterday"),
    ],
)
def test_what_is_wrong_with_a_person_is_told_at_its_column(
    cast: Cast, planned: Callable[[str, str], Plan], row: str, problem: str
) -> None:
    deactivate_person(cast.stranger, by=cast.registrar, reason="x")
    found = planned("people", f"email,full_name,post,language,organisation,role,starts,ends\n{row}\n")
    assert any(one.startswith(problem) for one in said(found.lines[0])), said(found.lines[0])


def test_rows_that_contradict_each_other_about_a_person_are_all_not_right(planned: Callable[[str, str], Plan]) -> None:
    found = planned(
        "people",
        "email,full_name,organisation,role\n"
        "n@x.example,Anna,UNI,institution_head\nn@x.example,Hanna,COL,institution_head\n",
    )
    assert [said(line) for line in found.lines] == [
        [": Row 3, which names the same person, is not right."],
        ["full_name: Row 2 says otherwise."],
    ]


def test_the_same_role_twice_in_the_table_is_not_right(planned: Callable[[str, str], Plan]) -> None:
    found = planned(
        "people",
        "email,full_name,organisation,role\n" + "n@x.example,Anna,UNI,institution_head\n" * 2,
    )
    assert said(found.lines[0]) == []
    assert said(found.lines[1])[0].startswith("role: The person holds this role there already")


def test_a_person_is_written_by_their_first_right_row(taken: Taking) -> None:
    table = (
        "email,full_name,organisation,role\n"
        "n@x.example,Anna,NONE,institution_head\nn@x.example,Anna,COL,institution_head\n"
    )
    assert taken("people", table, only_right=True) == counts(new=1, wrong=1)
    assert Membership.objects.get(person__email="n@x.example").organisation.code == "COL"


# --- legal acts ---

ACTS = """
kind,number,date,title_ky,issuer_ky,source_file
law,,2023,“Билим берүү жөнүндө”,,a.txt
Order,5/1,22.12.2023,,Министрлик,a.txt
"""


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
        ("law,1,40.13.2023,A", "date: “40.13.2023” is no date."),
        ("law,,,", "title_ky: Give the title, or at least a number or a date."),
    ],
)
def test_what_is_wrong_with_an_act_is_told_at_its_column(
    planned: Callable[[str, str], Plan], row: str, problem: str
) -> None:
    found = planned("acts", f"kind,number,date,title_ky\n{row}\n")
    assert any(one.startswith(problem) for one in said(found.lines[0])), said(found.lines[0])


def test_an_act_twice_in_the_table_is_not_right(planned: Callable[[str, str], Plan]) -> None:
    found = planned("acts", "kind,number,title_ky\nlaw,1,A\nlaw,1,A\n")
    assert [said(line) for line in found.lines] == [[], [": Row 2 names the same act."]]


# --- taking ---

HALF = "kind,number\norder,1\nsong,2\n"


def test_nothing_is_stored_unless_all_is_right_or_the_right_rows_are_asked_for(cast: Cast, taken: Taking) -> None:
    with pytest.raises(Refused, match="Some rows are not right"):
        taken("acts", HALF)
    assert not LegalAct.objects.exists()
    assert Upload.objects.count() == 1
    assert taken("acts", HALF, only_right=True) == counts(new=1, wrong=1)
    assert LegalAct.objects.get().number == "1"


def test_a_table_is_taken_once(cast: Cast) -> None:
    upload = keep("acts", as_csv("kind,number\norder,1\n"), by=cast.registrar)
    seen = plan(upload, by=cast.registrar).fingerprint()
    take(upload, by=cast.registrar, seen=seen)
    with pytest.raises(Refused, match="taken or dismissed already"):
        take(upload, by=cast.registrar, seen=seen)


def test_what_was_not_shown_is_not_done(cast: Cast) -> None:
    upload = keep("organisations", as_csv("code,founder\nUNI,A\n"), by=cast.registrar)
    seen = plan(upload, by=cast.registrar).fingerprint()
    change_organisation(cast.university, by=cast.registrar, founder="B")
    with pytest.raises(Stale):
        take(upload, by=cast.registrar, seen=seen)
    cast.university.refresh_from_db()
    assert cast.university.founder == "B"


def test_only_a_registrar_imports(cast: Cast) -> None:
    upload = keep("acts", as_csv("kind,number\norder,1\n"), by=cast.registrar)
    for who in (cast.head, cast.coordinator, cast.leader, cast.rector, cast.stranger):
        with pytest.raises(Refused, match="for Registrar"):
            keep("acts", as_csv("kind\nlaw\n"), by=who)
        with pytest.raises(Refused, match="for Registrar"):
            take(upload, by=who, seen=plan(upload, by=who).fingerprint())


def test_an_upload_is_its_owners_for_a_day(cast: Cast) -> None:
    upload = keep("acts", as_csv("kind,number\norder,1\n"), by=cast.registrar)
    assert Upload.objects.visible_to(cast.registrar).get() == upload
    assert not Upload.objects.visible_to(cast.head).exists()
    Upload.objects.update(at=timezone.now() - 25 * timedelta(hours=1))
    assert not Upload.objects.visible_to(cast.registrar).exists()
    keep("acts", as_csv("kind,number\norder,2\n"), by=cast.registrar)
    assert Upload.objects.count() == 1


def test_excel_gives_what_csv_gives(cast: Cast, taken: Taking) -> None:
    rows = [line.split(",") for line in PEOPLE.strip().splitlines()]
    assert taken("people", as_xlsx(*rows)) == counts(new=2, changed=1)
    assert taken("people", PEOPLE) == counts(same=3)
    dated = [
        ["email", "organisation", "role", "starts"],
        ["new@test.example", "UNI", "institution_officer", date(2026, 1, 1)],
    ]
    assert taken("people", as_xlsx(*dated)) == counts(same=1)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_registry_has_comes_back_unchanged(cast: Cast, taken: Taking, kind: str) -> None:
    give_membership(cast.officer, cast.college, Role.INSTITUTION_OFFICER, starts=TODAY, ends=TODAY, by=cast.registrar)
    taken("organisations", TREE)
    taken("acts", ACTS)
    found = KINDS[kind]
    table = as_xlsx([column.name for column in found.columns], *found.present())
    result = taken(kind, table)
    assert result["same"] == sum(result.values()) > 1


@pytest.mark.parametrize(
    ("kind", "heading", "row"),
    [
        ("organisations", "code,kind,institution_type,name_ky,parent", "N-{n},institution,college,N {n},UNI"),
        ("people", "email,full_name,organisation,role", "n{n}@x.example,N {n},UNI,institution_officer"),
        ("acts", "kind,number,title_ky", "order,{n},T {n}"),
    ],
)
def test_planning_and_taking_ask_the_same_queries_whatever_the_length(
    cast: Cast, kind: str, heading: str, row: str
) -> None:
    asked = []
    for first, last in ((0, 2), (100, 150)):
        table = "\n".join([heading, *(row.format(n=n) for n in range(first, last))])
        upload = keep(kind, as_csv(table), by=cast.registrar)
        with CaptureQueriesContext(connection) as counted:
            found = plan(upload, by=cast.registrar)
            take(upload, by=cast.registrar, seen=found.fingerprint())
        again = keep(kind, as_csv(table), by=cast.registrar)
        with CaptureQueriesContext(connection) as counted_again:
            assert plan(again, by=cast.registrar).counts()["same"] == last - first
        asked.append((len(counted), len(counted_again)))
    assert asked[0] == asked[1]
    assert sum(asked[0]) < 30


def test_what_was_shown_in_one_language_is_taken_in_another(cast: Cast) -> None:
    upload = keep("organisations", as_csv(TREE), by=cast.registrar)
    seen = plan(upload, by=cast.registrar).fingerprint()
    with translation.override("ky"):
        assert take(upload, by=cast.registrar, seen=seen) == counts(new=2, changed=1, same=1)
