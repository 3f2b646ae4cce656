"""Pages of organisations: what is filled in, what is refused, what comes back."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.registry.models import LegalAct, Organisation
from cases.registry.verbs import add_organisation, change_organisation, fingerprint
from tests.cast import Cast
from tests.registry.browsing import errors, notices

pytestmark = pytest.mark.django_db


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


def test_a_form_shows_what_somebody_else_changed_in_the_meantime(cast: Cast, registrar: Client) -> None:
    address = reverse("organisation_edit", args=["COL"])
    filled = {"institution_type": "college", "name_ky": "Меники", "region": "osh", "version": fingerprint(cast.college)}
    change_organisation(cast.college, by=cast.registrar, name_ky="Башканыкы")
    response = registrar.post(address, filled)
    assert "Current value: Башканыкы" in errors(response)
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
    assert "This was changed" in errors(response)


def test_html_in_a_name_is_shown_as_text(cast: Cast, registrar: Client) -> None:
    change_organisation(cast.college, by=cast.registrar, name_en="<script>alert(1)</script>")
    for address in (cast.college.get_absolute_url(), reverse("organisations")):
        page = registrar.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_deactivating_an_act_asks_for_a_reason_and_reactivating_for_a_press(
    cast: Cast, registrar: Client, act: LegalAct
) -> None:
    row: Any = act
    address = reverse("act_deactivate", args=[row.pk])
    assert "reason" in registrar.get(address).content.decode()
    assert "This field is required." in errors(registrar.post(address, {"reason": ""}))
    response = registrar.post(address, {"reason": "closed"}, follow=True)
    assert notices(response) == [f"{row} was deactivated."]
    row.refresh_from_db()
    assert not row.is_active
    assert "It is deactivated already." in errors(registrar.post(address, {"reason": "closed"}))
    registrar.get(reverse("act_reactivate", args=[row.pk]))
    row.refresh_from_db()
    assert not row.is_active
    assert registrar.post(reverse("act_reactivate", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.is_active


def test_a_code_with_letters_of_any_alphabet_leads_to_its_page(cast: Cast, registrar: Client) -> None:
    for code in ("КМТУ.1", "add", "ө_1"):
        added = add_organisation(by=cast.registrar, code=code, kind="contractor", name_ky=code)
        assert registrar.get(added.get_absolute_url()).context["organisation"] == added


def test_a_code_is_shown_with_the_name_that_it_stands_for(cast: Cast, registrar: Client) -> None:
    refused = registrar.post(reverse("organisation_add"), {**FILLED, "name_ky": "", "parent": "uni"})
    assert 'value="UNI – UNI (test)"' in refused.content.decode()
    assert registrar.post(reverse("organisation_add"), {**FILLED, "parent": "UNI – UNI (test)"}).status_code == 302
    assert Organisation.objects.get(code="K-1").parent == cast.university
    edit = registrar.get(reverse("organisation_edit", args=["K-1"])).content.decode()
    assert 'value="UNI – UNI (test)"' in edit
    for typed in ("UNI\0", "NONE"):
        answer = registrar.post(reverse("organisation_add"), {**FILLED, "code": "K-2", "parent": typed})
        assert answer.status_code == 422
