"""Every error is a page in the reader's language that says what to do next."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

pytestmark = pytest.mark.django_db
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@login_not_required
def fail(request: HttpRequest, kind: str) -> HttpResponse:
    errors = {"404": Http404(), "403": PermissionDenied(), "400": SuspiciousOperation(), "500": ZeroDivisionError()}
    raise errors[kind]


urlpatterns = [path("fail/<kind>/", fail), path("", include("config.urls"))]


@pytest.fixture
def client(client: Client, settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("address", ["/fail/404/", "/no/such/page/"])
def test_what_is_not_there_is_told_by_our_own_page(
    client: Client, settings: Settings, debug: bool, address: str
) -> None:
    settings.DEBUG = debug
    response = client.get(address, **ENGLISH)
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()
    assert "urlpatterns" not in response.content.decode()


@pytest.mark.parametrize("debug", [True, False])
def test_a_missing_slash_is_still_added(client: Client, settings: Settings, debug: bool) -> None:
    settings.DEBUG = debug
    assert client.get("/login")["Location"] == "/login/"


def test_what_is_not_allowed_is_told_in_the_readers_language(client: Client) -> None:
    response = client.get("/fail/403/", **ENGLISH)
    assert response.status_code == 403
    assert "You may not do this" in response.content.decode()


def test_an_expired_form_says_what_to_do() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/login/", {"username": "x"}, **ENGLISH)
    assert response.status_code == 403
    assert "The form has expired" in response.content.decode()


@pytest.mark.parametrize(("kind", "words"), [("400", "Nothing was changed."), ("500", "has been recorded")])
def test_errors_beyond_the_readers_help_speak_three_languages(client: Client, kind: str, words: str) -> None:
    response = client.get(f"/fail/{kind}/")
    assert response.status_code == int(kind)
    page = response.content.decode()
    assert words in page
    assert [page.count(f'<section lang="{language}">') for language in ("ky", "ru", "en")] == [1, 1, 1]


@pytest.mark.parametrize("kind", ["400", "500", "503"])
def test_the_pages_of_trouble_need_no_request_and_no_script_or_style_inside(kind: str) -> None:
    page = render_to_string(f"{kind}.html")
    assert "<script" not in page
    assert "style=" not in page
    assert "<style" not in page
    assert 'href="/static/css/baikoo.css"' in page
