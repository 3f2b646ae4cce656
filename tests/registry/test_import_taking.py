"""A table is looked at, then taken, all of it or the right rows, once, by whoever uploaded it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cases.registry.imports.importing import KINDS, import_upload, preview, store_upload
from cases.registry.models import LegalAct, Upload
from cases.registry.verbs import change_organisation, give_membership
from tests.cast import Cast
from tests.registry.importing import ACTS, PEOPLE, TREE, as_csv, as_xlsx, counts
from workflow.door import Refused, Stale
from workflow.roles import Role
from workflow.terms import legal_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = legal_date()
Taking = Callable[..., dict[str, int]]


HALF = "kind,number\norder,1\nsong,2\n"


def test_nothing_is_stored_unless_all_is_valid_or_the_right_rows_are_asked_for(cast: Cast, taken: Taking) -> None:
    with pytest.raises(Refused, match="Some rows have errors"):
        taken("acts", HALF)
    assert not LegalAct.objects.exists()
    assert Upload.objects.count() == 1
    assert taken("acts", HALF, only_valid=True) == counts(new=1, wrong=1)
    assert LegalAct.objects.get().number == "1"


def test_a_table_is_taken_once(cast: Cast) -> None:
    upload = store_upload("acts", as_csv("kind,number\norder,1\n"), by=cast.registrar)
    seen = preview(upload, by=cast.registrar).fingerprint()
    import_upload(upload, by=cast.registrar, seen=seen)
    with pytest.raises(Refused, match="already imported or discarded"):
        import_upload(upload, by=cast.registrar, seen=seen)


def test_what_was_not_shown_is_not_done(cast: Cast) -> None:
    upload = store_upload("organisations", as_csv("code,founder\nUNI,A\n"), by=cast.registrar)
    seen = preview(upload, by=cast.registrar).fingerprint()
    change_organisation(cast.university, by=cast.registrar, founder="B")
    with pytest.raises(Stale):
        import_upload(upload, by=cast.registrar, seen=seen)
    cast.university.refresh_from_db()
    assert cast.university.founder == "B"


def test_only_a_registrar_imports(cast: Cast) -> None:
    upload = store_upload("acts", as_csv("kind,number\norder,1\n"), by=cast.registrar)
    for who in (cast.head, cast.coordinator, cast.leader, cast.rector, cast.stranger):
        with pytest.raises(Refused, match="for Registrar"):
            store_upload("acts", as_csv("kind\nlaw\n"), by=who)
        with pytest.raises(Refused, match="for Registrar"):
            import_upload(upload, by=who, seen=preview(upload, by=who).fingerprint())


def test_an_upload_is_its_owners_for_a_day(cast: Cast) -> None:
    upload = store_upload("acts", as_csv("kind,number\norder,1\n"), by=cast.registrar)
    assert Upload.objects.visible_to(cast.registrar).get() == upload
    assert not Upload.objects.visible_to(cast.head).exists()
    Upload.objects.update(at=timezone.now() - 25 * timedelta(hours=1))
    assert not Upload.objects.visible_to(cast.registrar).exists()
    store_upload("acts", as_csv("kind,number\norder,2\n"), by=cast.registrar)
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
        upload = store_upload(kind, as_csv(table), by=cast.registrar)
        with CaptureQueriesContext(connection) as counted:
            found = preview(upload, by=cast.registrar)
            import_upload(upload, by=cast.registrar, seen=found.fingerprint())
        again = store_upload(kind, as_csv(table), by=cast.registrar)
        with CaptureQueriesContext(connection) as counted_again:
            assert preview(again, by=cast.registrar).counts()["same"] == last - first
        asked.append((len(counted), len(counted_again)))
    assert asked[0] == asked[1]
    assert sum(asked[0]) < 30


def test_what_was_shown_in_one_language_is_taken_in_another(cast: Cast) -> None:
    upload = store_upload("organisations", as_csv(TREE), by=cast.registrar)
    seen = preview(upload, by=cast.registrar).fingerprint()
    with translation.override("ky"):
        assert import_upload(upload, by=cast.registrar, seen=seen) == counts(new=2, changed=1, same=1)
