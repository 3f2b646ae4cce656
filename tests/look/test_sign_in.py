"""Signing in and out, changing the password, and being locked out."""

import pytest
from django.test import Client

from tests.cast import PASSWORD, Cast
from workflow.models import Event

pytestmark = pytest.mark.django_db
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def test_a_person_signs_in_by_e_mail_in_any_case_and_out_by_a_button(client: Client, cast: Cast) -> None:
    client.cookies["django_language"] = "en"
    response = client.post("/login/", {"username": "AIGUL@test.example", "password": PASSWORD, "next": "/password/"})
    assert (response.status_code, response["Location"]) == (302, "/password/")
    page = client.get("/password/", **ENGLISH).content.decode()
    assert "Aigul (test)" in page
    assert "Coordinator" in page
    assert "DEP (test)" in page
    out = client.post("/logout/", **ENGLISH)
    assert "You have signed out" in out.content.decode()
    assert out["Clear-Site-Data"] == '"cache"', "what the browser kept goes along"
    assert client.get("/password/")["Location"] == "/login/?next=/password/"


def test_pages_of_a_person_are_kept_by_no_proxy_and_asked_for_again(client: Client, cast: Cast) -> None:
    assert "Cache-Control" not in client.get("/registry/people/forgotten-password/")
    client.force_login(cast.coordinator)
    for address in ("/", "/recommendations/", "/recommendations/export.csv"):
        assert client.get(address)["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://testserver/recommendations/?risk=high", "/login/?next=/recommendations/%3Frisk%3Dhigh"),
        ("https://elsewhere.example/recommendations/", "/login/?next=/"),
        ("", "/login/?next=/"),
    ],
)
def test_what_is_sent_after_the_session_ended_is_told_to_be_lost(
    client: Client, db: None, came_from: str, leads_to: str
) -> None:
    client.cookies["django_language"] = "en"
    answer = client.post("/messages/read/", {}, HTTP_REFERER=came_from)
    assert answer["Location"] == leads_to
    assert "Your session had ended, so nothing was saved." in client.get(answer["Location"]).content.decode()
    assert client.get("/recommendations/issue/")["Location"] == "/login/?next=/recommendations/issue/"


def test_a_password_is_not_ones_own_name(client: Client, cast: Cast) -> None:
    client.cookies["django_language"] = "en"
    client.force_login(cast.coordinator)
    for word in ("Aigul (test)", "aigul@test.example"):
        sent = {"old_password": PASSWORD, "new_password1": word, "new_password2": word}
        assert "too similar" in client.post("/password/", sent).content.decode()


def test_who_only_keeps_the_registry_has_an_inbox_and_the_registry_one_click_away(client: Client, cast: Cast) -> None:
    client.force_login(cast.registrar)
    page = client.get("/")
    assert page.status_code == 200
    assert 'href="/registry/"' in page.content.decode()


def test_a_wrong_password_is_told_and_names_nothing_else(client: Client, cast: Cast) -> None:
    pages = [
        client.post("/login/", {"username": name, "password": "wrong"}, **ENGLISH).content.decode()
        for name in (cast.coordinator.email, "nobody@test.example")
    ]
    assert all("error-summary" in page for page in pages)
    texts = [page.split('class="error-summary"')[1].split("</ul>")[0] for page in pages]
    assert texts[0] == texts[1]


def test_a_person_changes_their_password(client: Client, cast: Cast) -> None:
    client.force_login(cast.rector)
    new = "quite another one 77"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    refused = client.post("/password/", {**form, "old_password": "no"})
    assert "error-summary" in refused.content.decode()
    response = client.post("/password/", form)
    assert response["Location"] == "/password/done/"
    cast.rector.refresh_from_db()
    assert cast.rector.check_password(new)
    assert client.get("/password/done/").status_code == 200
    [event] = Event.objects.of("person", cast.rector.pk)
    assert (event.action, event.actor) == ("change_password", cast.rector)
