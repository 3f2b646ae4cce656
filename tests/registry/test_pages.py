"""The pages of the registry: who sees what, what can be done there, how lists behave."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from cases.registry.models import LegalAct, Membership, Organisation, Upload, User
from cases.registry.paging import SIZE
from cases.registry.verbs import add_organisation, add_person, change_organisation, fingerprint
from tests.cast import Cast
from tests.registry.trail import events
from workflow.calendar import legal_date

pytestmark = pytest.mark.django_db
TODAY = legal_date()
READERS = ("leader", "observer", "head", "coordinator")
OTHERS = ("rector", "officer", "director", "lead", "expert")


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


@pytest.fixture
def act(cast: Cast) -> LegalAct:
    return LegalAct.objects.create(kind="order", number="5/1", date="2026-02-03", title_ky="Өрт коопсуздугу")


@pytest.fixture
def registrar(cast: Cast, client: Client) -> Client:
    client.force_login(cast.registrar)
    return client


def status(client: Client, who: User, address: str) -> int:
    client.force_login(who)
    return client.get(address).status_code


def rows(client: Client, address: str) -> list[Any]:
    response = client.get(address)
    assert response.status_code == 200
    return list(response.context["page"].rows)


def notices(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def errors(response: Any) -> str:
    assert response.status_code == 422
    return str(response.context["page"].form.errors)


# --- who sees what ---


def changing_pages(cast: Cast, act: LegalAct) -> Iterator[str]:
    membership = Membership.objects.get(person=cast.officer)
    for name in ("organisation_add", "person_add", "act_add", "people"):
        yield reverse(name)
    for name in ("edit", "deactivate", "reactivate"):
        yield reverse(f"organisation_{name}", args=["COL"])
        yield reverse(f"person_{name}", args=[cast.officer.pk])
        yield reverse(f"act_{name}", args=[act.pk])
    yield reverse("membership_add", args=[cast.officer.pk])
    yield reverse("membership_end", args=[membership.pk])
    yield reverse("substitution_add", args=[membership.pk])
    for kind in ("organisations", "people", "acts"):
        yield reverse("registry_import", args=[kind])
        yield reverse("registry_table", args=[kind, "csv"])


def test_pages_of_change_exist_for_registrars_only(client: Client, cast: Cast, act: LegalAct) -> None:
    for address in changing_pages(cast, act):
        for who in (*READERS, *OTHERS, "stranger"):
            assert status(client, getattr(cast, who), address) == 404, (who, address)
            assert client.post(address).status_code in (404, 405), (who, address)
        assert status(client, cast.registrar, address) == 200, address
        client.logout()
        assert client.get(address).status_code == 302, address


def test_posts_exist_for_registrars_only(client: Client, cast: Cast) -> None:
    upload = Upload.objects.create(kind="acts", name="x.csv", rows=[], by=cast.registrar)
    addresses = [
        reverse("person_invite", args=[cast.officer.pk]),
        reverse("registry_take", args=["acts", upload.pk]),
        reverse("registry_dismiss", args=["acts", upload.pk]),
    ]
    for who in (*READERS, *OTHERS, "stranger"):
        client.force_login(getattr(cast, who))
        for address in addresses:
            assert client.post(address).status_code == 404, (who, address)
        assert client.get(reverse("registry_preview", args=["acts", upload.pk])).status_code == 404
    client.force_login(cast.registrar)
    for address in addresses:
        assert client.get(address).status_code == 405


@pytest.mark.parametrize("who", [*READERS, "registrar"])
def test_department_and_ministry_read_every_organisation_and_act(
    client: Client, cast: Cast, act: LegalAct, who: str
) -> None:
    assert status(client, getattr(cast, who), reverse("organisation", args=["COL"])) == 200
    assert client.get(act.get_absolute_url()).status_code == 200
    assert len(rows(client, reverse("organisations"))) == 6
    assert rows(client, reverse("acts")) == [act]


@pytest.mark.parametrize("who", OTHERS)
def test_others_read_their_own_organisation_and_the_acts(client: Client, cast: Cast, act: LegalAct, who: str) -> None:
    user = getattr(cast, who)
    own = Membership.objects.get(person=user).organisation
    assert status(client, user, own.get_absolute_url()) == 200
    assert rows(client, reverse("organisations")) == [own]
    assert client.get(reverse("organisation", args=["DEP2"])).status_code == 404
    assert client.get(act.get_absolute_url()).status_code == 200


def test_a_stranger_sees_nothing(client: Client, cast: Cast, act: LegalAct) -> None:
    assert status(client, cast.stranger, reverse("organisation", args=["COL"])) == 404
    assert client.get(act.get_absolute_url()).status_code == 404
    assert rows(client, reverse("organisations")) == rows(client, reverse("acts")) == []


def test_people_see_themselves_and_registrars_everybody(client: Client, cast: Cast) -> None:
    for who in (*READERS, *OTHERS, "stranger"):
        user = getattr(cast, who)
        assert status(client, user, user.get_absolute_url()) == 200
        page = client.get(user.get_absolute_url()).content.decode()
        assert "Deactivate" not in page
        assert client.get(cast.second_head.get_absolute_url()).status_code == 404
    assert status(client, cast.registrar, cast.rector.get_absolute_url()) == 200


def test_readers_see_no_buttons_and_no_people(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    page = client.get(cast.university.get_absolute_url()).content.decode()
    assert "Deactivate" not in page
    assert "Chynara" not in page
    client.force_login(cast.registrar)
    page = client.get(cast.university.get_absolute_url()).content.decode()
    assert "Deactivate" in page
    assert "Chynara" in page


def test_history_is_for_registrars_and_the_ministry(client: Client, cast: Cast) -> None:
    change_organisation(cast.university, by=cast.registrar, founder="Өкмөт")
    for who, is_told in (("registrar", True), ("leader", True), ("coordinator", False), ("rector", False)):
        client.force_login(getattr(cast, who))
        page = client.get(cast.university.get_absolute_url()).content.decode()
        assert ("Change an organisation" in page) is is_told, who
        assert ("Founder: – → Өкмөт" in page) is is_told, who


# --- lists ---


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["COL", "CON", "DEP", "DEP2", "MIN", "UNI"]),
        ("kind=department", ["DEP", "DEP2"]),
        ("institution_type=college", ["COL"]),
        ("region=bishkek", ["UNI"]),
        ("q=uni", ["UNI"]),
        ("q=УЛГУ", ["UNI"]),
        ("q=үлг+онор", ["UNI"]),
        ("q=nothing", []),
        ("q=%3A%26%21", ["COL", "CON", "DEP", "DEP2", "MIN", "UNI"]),
        ("state=inactive", ["OLD"]),
        ("state=all&q=эски", ["OLD"]),
        ("kind=nonsense&region=osh", ["COL"]),
        ("after=nonsense", ["COL", "CON", "DEP", "DEP2", "MIN", "UNI"]),
        ("after=99999999999999999999", ["COL", "CON", "DEP", "DEP2", "MIN", "UNI"]),
    ],
)
def test_organisations_are_found(cast: Cast, registrar: Client, query: str, codes: list[str]) -> None:
    change_organisation(cast.university, by=cast.registrar, name_ky="Үлгү өнөр университети", name_ru="Образец")
    Organisation.objects.create(
        code="OLD", kind="institution", institution_type="college", name_ky="Эски", is_active=False
    )
    assert [row.code for row in rows(registrar, f"{reverse('organisations')}?{query}")] == codes


def test_people_are_found_by_name_address_post_role_and_organisation(cast: Cast, registrar: Client) -> None:
    def found(query: str) -> list[str]:
        return [row.full_name.split()[0] for row in rows(registrar, f"{reverse('people')}?{query}")]

    added = add_person(
        by=cast.registrar, full_name="Өмүрбек Ёлкин", email="omu@test.example", post="декан", language="ky"
    )
    assert found("q=омур+елк") == found("q=omu") == found("q=дек") == ["Өмүрбек"]
    assert found("role=coordinator") == ["Aigul", "Asan"]
    assert found("organisation=uni") == ["Cholpon", "Chynara"]
    assert found("organisation=col&role=institution_head") == ["Damir"]
    User.objects.filter(pk=added.pk).update(is_active=False)
    assert found("q=омур") == []
    assert found("q=омур&state=inactive") == ["Өмүрбек"]


def test_people_stand_in_the_order_of_the_alphabet(cast: Cast, registrar: Client) -> None:
    names = ["Оев", "Өев", "Паев", "Уев", "Үев", "Фев", "Наев", "Ңаев", "оЁв", "Еев", "Ёев", "Жев"]
    for number, name in enumerate(names):
        add_person(by=cast.registrar, full_name=name, email=f"n{number}@order.example", language="ky")
    assert [row.full_name for row in rows(registrar, f"{reverse('people')}?q=order")] == [
        "Еев", "Ёев", "Жев", "Наев", "Ңаев", "Оев", "оЁв", "Өев", "Паев", "Уев", "Үев", "Фев",
    ]  # fmt: skip


def test_acts_are_found_newest_first(cast: Cast, registrar: Client, act: LegalAct) -> None:
    later = LegalAct.objects.create(kind="law", date="2026", title_ru="Об образовании", issuer_ky="Жогорку Кеңеш")
    undated = LegalAct.objects.create(kind="letter", number="7")
    address = reverse("acts")
    assert rows(registrar, address) == [act, later, undated]
    assert rows(registrar, f"{address}?q=орт") == rows(registrar, f"{address}?q=5+1") == [act]
    assert rows(registrar, f"{address}?q=кенеш") == rows(registrar, f"{address}?kind=law") == [later]
    assert rows(registrar, f"{address}?year=2026") == [act, later]


def test_a_long_list_has_pages_that_lose_and_repeat_nobody(cast: Cast, registrar: Client) -> None:
    for number in range(2 * SIZE):
        add_organisation(by=cast.registrar, code=f"X{number:03}", kind="contractor", name_ky="Онор")
    seen: list[str] = []
    address = f"{reverse('organisations')}?q=онор&kind=contractor"
    while address:
        response = registrar.get(address)
        page = response.context["page"]
        seen += [row.code for row in page.rows]
        address = f"{reverse('organisations')}{page.next_url}" if page.next_url else ""
        assert not address or "kind=contractor" in address
    assert seen == [f"X{number:03}" for number in range(2 * SIZE)]


def test_acts_of_one_date_are_paged_too(cast: Cast, registrar: Client) -> None:
    for number in range(SIZE + 3):
        LegalAct.objects.create(kind="order", number=str(number), date="2026-01-01")
    first = registrar.get(reverse("acts")).context["page"]
    second = rows(registrar, f"{reverse('acts')}{first.next_url}")
    assert len({row.pk for row in [*first.rows, *second]}) == SIZE + 3


@pytest.mark.parametrize("name", ["organisations", "people", "acts", "organisation", "person", "act"])
def test_pages_take_the_same_queries_with_2_and_50_rows(
    cast: Cast, registrar: Client, act: LegalAct, name: str
) -> None:
    arguments = {"organisation": ["UNI"], "person": [cast.officer.pk], "act": [act.pk]}.get(name, [])
    asked = []
    for first, last in ((0, 2), (2, 50)):
        for number in range(first, last):
            part = add_organisation(
                by=cast.registrar, code=f"P{number}", kind="institution", institution_type="college",
                name_ky="x", parent=cast.university,
            )  # fmt: skip
            person = add_person(by=cast.registrar, full_name=f"N{number}", email=f"n{number}@x.example", language="ky")
            for one, place in ((person, cast.university), (cast.officer, part)):
                Membership.objects.create(person=one, organisation=place, role="institution_officer", starts=TODAY)
            Membership.objects.create(
                person=person, organisation=cast.university, role="institution_officer", starts=TODAY, ends=TODAY,
                substitutes_for=cast.officer,
            )  # fmt: skip
            LegalAct.objects.create(kind="order", number=f"n{number}")
            change_organisation(cast.university, by=cast.registrar, founder=str(number), parent=None)
        with CaptureQueriesContext(connection) as counted:
            assert registrar.get(reverse(name, args=arguments)).status_code == 200
        asked.append(len(counted))
    assert asked[0] == asked[1] <= 12


# --- organisations ---


FILLED = {
    "code": "K-1",
    "kind": "institution",
    "institution_type": "college",
    "name_ky": "Өнөр",
    "languages": ["ky", "ru"],
}


def test_an_organisation_is_added_on_the_page(cast: Cast, registrar: Client) -> None:
    response = registrar.post(reverse("organisation_add"), {**FILLED, "parent": "uni"}, follow=True)
    added = Organisation.objects.get(code="K-1")
    assert response.redirect_chain == [(added.get_absolute_url(), 302)]
    assert notices(response) == ["The organisation was added."]
    assert (added.parent, added.languages) == (cast.university, ["ky", "ru"])


@pytest.mark.parametrize(
    ("filled", "sentence"),
    [
        ({"code": "UNI"}, "Another organisation has this code already."),
        ({"code": "uni"}, "The code UNI is taken."),
        ({"code": "a b"}, "Use letters, digits, dots, hyphens and underscores only."),
        ({"name_ky": ""}, "Give the name in at least one language."),
        ({"institution_type": ""}, "Say what type of institution it is."),
        ({"parent": "NONE"}, "No organisation has the code “NONE”."),
        ({"name_ky": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_filled_in(
    registrar: Client, filled: dict[str, str], sentence: str
) -> None:
    response = registrar.post(reverse("organisation_add"), {**FILLED, "founder": "Кимдир бирөө", **filled})
    assert sentence in errors(response)
    assert "Кимдир бирөө" in response.content.decode()
    assert not Organisation.objects.filter(code="K-1").exists()


def test_what_somebody_changed_meanwhile_comes_back_beside_what_was_filled_in(cast: Cast, registrar: Client) -> None:
    address = reverse("organisation_edit", args=["COL"])
    filled = {"institution_type": "college", "name_ky": "Меники", "region": "osh", "version": fingerprint(cast.college)}
    change_organisation(cast.college, by=cast.registrar, name_ky="Башканыкы")
    response = registrar.post(address, filled)
    assert "There stands now: Башканыкы" in errors(response)
    page = response.content.decode()
    assert "Меники" in page
    [version] = re.findall(r'name="version" value="(\w+)"', page)
    assert registrar.post(address, {**filled, "version": version}).status_code == 302
    cast.college.refresh_from_db()
    assert cast.college.name_ky == "Меники"  # type: ignore[attr-defined]


def test_a_form_without_its_version_changes_nothing(cast: Cast, registrar: Client) -> None:
    response = registrar.post(
        reverse("organisation_edit", args=["COL"]), {"institution_type": "college", "name_ky": "X"}
    )
    assert "Somebody changed this" in errors(response)


def test_html_in_a_name_is_shown_as_text(cast: Cast, registrar: Client) -> None:
    change_organisation(cast.college, by=cast.registrar, name_en="<script>alert(1)</script>")
    for address in (cast.college.get_absolute_url(), reverse("organisations")):
        page = registrar.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize("what", ["organisation", "person", "act"])
def test_deactivating_asks_for_a_reason_and_reactivating_for_a_press(
    cast: Cast, registrar: Client, act: LegalAct, what: str
) -> None:
    row: Any = {"organisation": cast.college, "person": cast.officer, "act": act}[what]
    key = row.code if what == "organisation" else row.pk
    address = reverse(f"{what}_deactivate", args=[key])
    assert "reason" in registrar.get(address).content.decode()
    assert "This field is required." in errors(registrar.post(address, {"reason": ""}))
    response = registrar.post(address, {"reason": "closed"}, follow=True)
    assert notices(response) == [f"{row} was deactivated."]
    row.refresh_from_db()
    assert not row.is_active
    assert "It is deactivated already." in errors(registrar.post(address, {"reason": "closed"}))
    registrar.get(reverse(f"{what}_reactivate", args=[key]))
    row.refresh_from_db()
    assert not row.is_active
    assert registrar.post(reverse(f"{what}_reactivate", args=[key])).status_code == 302
    row.refresh_from_db()
    assert row.is_active


def test_a_code_with_letters_of_any_alphabet_leads_to_its_page(cast: Cast, registrar: Client) -> None:
    for code in ("КМТУ.1", "add", "ө_1"):
        added = add_organisation(by=cast.registrar, code=code, kind="contractor", name_ky=code)
        assert registrar.get(added.get_absolute_url()).context["organisation"] == added


# --- people ---


def test_a_person_is_added_and_given_a_role(cast: Cast, registrar: Client) -> None:
    filled = {"full_name": "Нур (test)", "email": "NUR@test.example", "language": "ky"}
    registrar.post(reverse("person_add"), filled)
    person = User.objects.get(email="nur@test.example")
    address = reverse("membership_add", args=[person.pk])
    wrong = {"organisation": "UNI", "role": "coordinator", "starts": f"{TODAY}"}
    assert "In an organisation of this kind (Institution) the roles are" in errors(registrar.post(address, wrong))
    response = registrar.post(address, {**wrong, "role": "institution_officer"}, follow=True)
    assert notices(response) == ["The role was given."]
    membership = Membership.objects.get(person=person)
    end = reverse("membership_end", args=[membership.pk])
    assert "yesterday at the earliest" in errors(registrar.post(end, {"last_day": "2020-01-01"}))
    registrar.post(end, {"last_day": f"{TODAY + timedelta(days=2)}"})
    membership.refresh_from_db()
    assert membership.ends == TODAY + timedelta(days=2)


def test_a_substitution_is_arranged(cast: Cast, registrar: Client) -> None:
    absent = Membership.objects.get(person=cast.rector)
    address = reverse("substitution_add", args=[absent.pk])
    filled = {"substitute": "nobody@test.example", "starts": f"{TODAY}", "ends": f"{TODAY}"}
    assert "Nobody is registered" in errors(registrar.post(address, filled))
    assert "This field is required." in errors(registrar.post(address, {**filled, "ends": ""}))
    assert registrar.post(address, {**filled, "substitute": "CHOLPON@test.example"}).status_code == 302
    page = registrar.get(cast.rector.get_absolute_url()).content.decode()
    assert "Who stands in during absence" in page
    assert "Cholpon" in page


def test_the_link_for_the_password_is_shown_once_and_works_once(cast: Cast, registrar: Client, client: Client) -> None:
    registrar.post(reverse("person_invite", args=[cast.officer.pk]))
    page = registrar.get(cast.officer.get_absolute_url()).content.decode()
    [link] = re.findall(r"http://testserver(/registry/people/set-password/\S+?/)<", page)
    assert link not in registrar.get(cast.officer.get_absolute_url()).content.decode()
    guest = Client()
    guest.cookies["django_language"] = "en"
    opened = guest.get(link, follow=True)
    address = opened.redirect_chain[-1][0]
    assert link not in address
    assert guest.post(address, {"new_password1": "short", "new_password2": "short"}).context["form"].errors
    password = {"new_password1": "кыйын сыр сөз 7", "new_password2": "кыйын сыр сөз 7"}
    response = guest.post(address, password, follow=True)
    assert notices(response) == ["Your password was set. Sign in with it."]
    cast.officer.refresh_from_db()
    assert cast.officer.check_password("кыйын сыр сөз 7")
    assert [event.action for event in events("person", cast.officer.pk)] == ["invite", "choose_password"]
    assert "This link was used already" in Client(headers={"accept-language": "en"}).get(link).content.decode()


def test_a_link_does_not_work_for_the_deactivated_or_when_it_is_forged(cast: Cast, registrar: Client) -> None:
    registrar.post(reverse("person_invite", args=[cast.officer.pk]))
    page = registrar.get(cast.officer.get_absolute_url()).content.decode()
    [link] = re.findall(r"http://testserver(/registry/people/set-password/\S+?/)<", page)
    User.objects.filter(pk=cast.officer.pk).update(is_active=False)
    for address in (
        link,
        reverse("set_password", args=["!!", "x-y"]),
        reverse("set_password", args=["OTk5OTk", "a-b"]),
    ):
        response = Client(headers={"accept-language": "en"}).get(address, follow=True)
        assert response.status_code == 200
        assert "This link was used already" in response.content.decode()


# --- legal acts ---


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_an_act_is_added_with_its_file_which_is_handed_out_as_attachment(
    cast: Cast, registrar: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.EVIDENCE_DIR = tmp_path
    filled = {"kind": "order", "number": "12", "title_ky": "Буйрук", "upload": SimpleUploadedFile("буйрук.pdf", PDF)}
    registrar.post(reverse("act_add"), filled)
    act = LegalAct.objects.get(number="12")
    assert (act.file_name, act.file_type, act.file_size) == ("буйрук.pdf", "application/pdf", len(PDF))
    response = registrar.get(reverse("act_file", args=[act.pk]))
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response) == PDF  # type: ignore[arg-type]
    [event] = events("legal_act", act.pk)
    assert event.said["inputs"]["file_sha256"] == act.file_sha256
    registrar.post(reverse("act_edit", args=[act.pk]), {"kind": "order", "number": "13", "version": fingerprint(act)})
    act.refresh_from_db()
    assert (act.number, act.file_name) == ("13", "буйрук.pdf")


def test_a_file_that_lies_about_its_type_leaves_neither_row_nor_file(
    cast: Cast, registrar: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.EVIDENCE_DIR = tmp_path
    for name, content in (("x.pdf", b"MZ\x90"), ("x.exe", b"MZ\x90"), ("x.html", b"<script>"), ("x.pdf", b"")):
        filled = {"kind": "order", "number": "12", "upload": SimpleUploadedFile(name, content)}
        assert registrar.post(reverse("act_add"), filled).status_code == 422
    wrong = {"kind": "order", "number": "12", "date": "2026-99", "upload": SimpleUploadedFile("x.pdf", PDF)}
    assert registrar.post(reverse("act_add"), wrong).status_code == 422
    assert not LegalAct.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_that_is_not_there_is_404_and_a_lost_one_is_told(
    cast: Cast, registrar: Client, act: LegalAct, settings: Settings, tmp_path: Path
) -> None:
    settings.EVIDENCE_DIR = tmp_path
    address = reverse("act_file", args=[act.pk])
    assert registrar.get(address).status_code == 404
    LegalAct.objects.update(file_path="aa/bb", file_name="x.pdf", file_type="application/pdf")
    assert "cannot be read" in notices(registrar.get(address, follow=True))[0]


def test_an_act_without_a_title_has_a_page(registrar: Client, cast: Cast) -> None:
    act = LegalAct.objects.create(kind="decree", number="155", date="2023-06-15")
    page = registrar.get(act.get_absolute_url()).content.decode()
    assert "№ 155, 15.06.2023" in page
    assert "(no title)" in registrar.get(reverse("acts")).content.decode()


# --- imports ---


def send(client: Client, kind: str, text: str, name: str = "table.csv") -> Any:
    file = SimpleUploadedFile(name, text.encode())
    return client.post(reverse("registry_import", args=[kind]), {"table": file}, follow=True)


def version_of(response: Any) -> str:
    return str(response.context["fingerprint"])


def test_a_table_is_looked_at_before_it_is_taken(cast: Cast, registrar: Client) -> None:
    response = send(registrar, "acts", "kind,number,title_ky\norder,1,A\nsong,2,B\n")
    assert [(value, count) for value, _label, count in response.context["figures"]] == [
        ("new", 1), ("changed", 0), ("same", 0), ("wrong", 1)
    ]  # fmt: skip
    page = response.content.decode()
    assert "“song” is not known here." in page
    assert not LegalAct.objects.exists()
    take = reverse("registry_take", args=["acts", Upload.objects.get().pk])
    refused = registrar.post(take, {"version": version_of(response)}, follow=True)
    assert "Some rows are not right" in notices(refused)[0]
    taken = registrar.post(take, {"version": version_of(response), "only_right": "on"}, follow=True)
    assert notices(taken) == ["Taken. New: 1, changed: 0, unchanged: 0, left out: 1."]
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
        found = {value: count for value, _label, count in looked.context["figures"]}
        assert found["same"] == sum(found.values()) > 0
        assert "All of it stands in the registry already." in looked.content.decode()
    assert registrar.get("/registry/table/acts.pdf").status_code == 404
