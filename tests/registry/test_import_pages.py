"""Pages of imports: a table is looked at before it is taken."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.registry.models import LegalAct, Membership, Upload, User
from tests.cast import Cast
from tests.registry.browsing import notices
from workflow.terms import legal_date

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TODAY = legal_date()


def send(client: Client, kind: str, text: str, name: str = "table.csv") -> Any:
    file = SimpleUploadedFile(name, text.encode())
    return client.post(reverse("registry_import", args=[kind]), {"table": file}, follow=True)


def version_of(response: Any) -> str:
    return str(response.context["fingerprint"])


def test_a_table_is_looked_at_before_it_is_taken(cast: Cast, registrar: Client) -> None:
    response = send(registrar, "acts", "kind,number,title_ky\norder,1,A\nsong,2,B\n")
    assert [(status.value, count) for status, count in response.context["figures"]] == [
        ("new", 1), ("changed", 0), ("asked", 0), ("same", 0), ("wrong", 1)
    ]  # fmt: skip
    page = response.content.decode()
    assert "“song” is not known here." in page
    assert not LegalAct.objects.exists()
    take = reverse("registry_take", args=["acts", Upload.objects.get().pk])
    refused = registrar.post(take, {"version": version_of(response)}, follow=True)
    assert "Some rows have errors" in notices(refused)[0]
    taken = registrar.post(take, {"version": version_of(response), "only_valid": "on"}, follow=True)
    assert notices(taken) == ["Imported. New: 1, changed: 0, unchanged: 0, skipped: 1."]
    assert LegalAct.objects.get().number == "1"
    assert registrar.post(take, {"version": version_of(response)}).status_code == 404


def test_a_table_of_a_colleague_is_not_there(cast: Cast, registrar: Client) -> None:
    send(registrar, "acts", "kind,number\norder,1\n")
    upload = Upload.objects.get()
    Membership.objects.create(person=cast.head, organisation=cast.department, role="registrar", starts=TODAY)
    other = Client()
    other.force_login(cast.head)
    for name in ("registry_take", "registry_dismiss"):
        assert other.post(reverse(name, args=["acts", upload.pk])).status_code == 404
    assert other.get(reverse("registry_preview", args=["acts", upload.pk])).status_code == 404
    assert registrar.get(reverse("registry_preview", args=["people", upload.pk])).status_code == 404


def test_a_dismissed_table_is_gone(cast: Cast, registrar: Client) -> None:
    send(registrar, "acts", "kind,number\norder,1\n")
    registrar.post(reverse("registry_dismiss", args=["acts", Upload.objects.get().pk]))
    assert not Upload.objects.exists()
    assert not LegalAct.objects.exists()


def test_a_table_that_cannot_be_read_is_told_and_not_kept(cast: Cast, registrar: Client) -> None:
    for name, text, sentence in (
        ("x.csv", "kind,number\norder,=1+1\n", "Row 2, column B: there is a formula."),
        ("x.csv", "number\n1\n", "These columns are missing: kind."),
        ("x.xlsx", "kind\nlaw\n", "The file is called .xlsx, but it is none."),
        ("x.pdf", "x", "Upload a table as .xlsx or .csv."),
    ):
        response = send(registrar, "acts", text, name)
        assert response.status_code == 422
        assert sentence in response.content.decode()
    assert registrar.post(reverse("registry_import", args=["acts"])).status_code == 422
    assert registrar.get(reverse("registry_import", args=["songs"])).status_code == 404
    assert not Upload.objects.exists()


def test_a_long_preview_has_pages_and_can_be_narrowed(cast: Cast, registrar: Client) -> None:
    table = "kind,number\n" + "".join(f"order,{n}\n" for n in range(230)) + "song,1\n"
    response = send(registrar, "acts", table)
    address = response.redirect_chain[-1][0]
    page = response.context["page"]
    assert (page.shown, page.first_url, page.next_url) == (100, "", "?&after=100")
    last = registrar.get(f"{address}?after=200").context["page"]
    assert (last.shown, last.next_url) == (31, "")
    assert registrar.get(f"{address}?show=wrong").context["page"].shown == 1
    assert registrar.get(f"{address}?after=x&show=nonsense").context["page"].shown == 0


def test_a_preview_is_made_once_and_again_after_it_was_refused(cast: Cast, registrar: Client) -> None:
    response = send(registrar, "acts", "kind,number,title_ky\norder,1,A\n")
    address, seen = response.redirect_chain[-1][0], version_of(response)
    LegalAct.objects.create(kind="order", number="1", title_ky="A")
    with CaptureQueriesContext(connection) as queries:
        again = registrar.get(address)
    assert not [query for query in queries if "registry_legalact" in query["sql"] or '"rows"' in query["sql"]]
    assert (version_of(again), [row.status for row in again.context["page"].rows]) == (seen, ["new"])
    take = reverse("registry_take", args=["acts", Upload.objects.get().pk])
    refused = registrar.post(take, {"version": seen}, follow=True)
    assert "The registry has changed since then." in notices(refused)[0]
    assert [row.status for row in refused.context["page"].rows] == ["same"]
    assert "Everything is already in the registry." in refused.content.decode()


def test_a_preview_speaks_the_language_of_its_reader(cast: Cast, registrar: Client) -> None:
    response = send(registrar, "acts", "kind,number\nsong,1\n")
    assert "is not known here" in response.content.decode()
    for language, sentence in (("ru", "здесь неизвестно"), ("en", "is not known here")):
        User.objects.filter(pk=cast.registrar.pk).update(language=language)
        registrar.cookies["django_language"] = language
        assert sentence in registrar.get(response.redirect_chain[-1][0]).content.decode()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_registry_is_handed_out_as_a_table_that_can_be_imported(
    cast: Cast, registrar: Client, act: LegalAct, ending: str
) -> None:
    for kind in ("organisations", "people", "acts"):
        response = registrar.get(reverse("registry_table", args=[kind, ending]))
        content = b"".join(response)  # type: ignore[arg-type]
        file = io.BytesIO(content)
        file.name = f"x.{ending}"
        looked = registrar.post(reverse("registry_import", args=[kind]), {"table": file}, follow=True)
        found = {status.value: count for status, count in looked.context["figures"]}
        assert found["same"] == sum(found.values()) > 0
        assert "Everything is already in the registry." in looked.content.decode()
    assert registrar.get("/registry/table/acts.pdf").status_code == 404
