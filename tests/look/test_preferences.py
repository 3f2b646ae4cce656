"""Language and colours: chosen by a button, kept, and never a way out of the site."""

import pytest
from django.test import Client

from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_language_is_kept_in_the_browser_and_on_the_person(client: Client, cast: Cast, language: str) -> None:
    client.force_login(cast.coordinator)
    response = client.post("/language/", {"language": language, "next": "/password/"})
    assert response.status_code == 302
    assert response["Location"] == "/password/"
    assert response.cookies["django_language"].value == language
    assert response.cookies["django_language"]["httponly"]
    cast.coordinator.refresh_from_db()
    assert cast.coordinator.language == language
    assert f'<html lang="{language}">' in client.get("/password/").content.decode()


def test_somebody_who_has_not_signed_in_chooses_too(client: Client) -> None:
    client.post("/language/", {"language": "ru", "next": "/login/"})
    assert '<html lang="ru">' in client.get("/login/").content.decode()


def test_a_language_that_is_not_offered_changes_nothing(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    response = client.post("/language/", {"language": "xx", "next": "/password/"})
    assert "django_language" not in response.cookies
    cast.coordinator.refresh_from_db()
    assert cast.coordinator.language == "ky"


@pytest.mark.parametrize("address", ["/language/", "/theme/"])
@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_the_way_back_never_leads_out_of_the_site(client: Client, address: str, elsewhere: str) -> None:
    assert client.post(address, {"language": "ky", "theme": "dark", "next": elsewhere})["Location"] == "/"


@pytest.mark.parametrize("address", ["/language/", "/theme/", "/logout/"])
def test_a_choice_is_made_by_a_button_and_not_by_a_link(client: Client, address: str) -> None:
    assert client.get(address).status_code == 405


BY_SYSTEM = 'media="screen and (prefers-color-scheme: dark)"'


@pytest.mark.parametrize(
    ("theme", "media"), [("auto", BY_SYSTEM), ("dark", 'media="screen"'), ("light", None), ("pink", BY_SYSTEM)]
)
def test_the_colours_follow_the_choice(client: Client, theme: str, media: str | None) -> None:
    client.post("/theme/", {"theme": theme, "next": "/login/"})
    html = client.get("/login/").content.decode()
    assert ("dark.css" in html) is (media is not None)
    assert media is None or media in html


def test_signing_in_brings_the_persons_language_to_a_new_browser(client: Client, cast: Cast) -> None:
    cast.coordinator.language = "ru"
    cast.coordinator.save()
    response = client.post("/login/", {"username": cast.coordinator.email, "password": PASSWORD, "next": "/password/"})
    assert response.cookies["django_language"].value == "ru"


def test_signing_in_keeps_the_language_that_was_just_chosen(client: Client, cast: Cast) -> None:
    client.post("/language/", {"language": "en"})
    response = client.post("/login/", {"username": cast.coordinator.email, "password": PASSWORD, "next": "/password/"})
    assert response.status_code == 302
    assert "django_language" not in response.cookies
