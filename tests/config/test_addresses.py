"""Addresses and numbers that nothing can have are answered as not found, never with an error."""

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.slow

NOBODYS = [
    "/recommendations/%00/",
    "/recommendations/R-2026-00001/act/%00/",
    "/extensions/%00/act/grant/",
    "/registry/organisations/%00/",
    "/trail/99999999999999999999999/",
    "/messages/99999999999999999999999/",
    "/registry/people/99999999999999999999999/",
]


@pytest.mark.parametrize("path", NOBODYS)
@pytest.mark.parametrize("debug", [True, False])
def test_an_address_that_nothing_can_have_is_not_found(cast: Cast, settings: object, path: str, *, debug: bool) -> None:
    settings.DEBUG = debug  # type: ignore[attr-defined]
    for person in (cast.leader, cast.coordinator, cast.registrar):
        client = Client()
        client.force_login(person)
        response = client.get(path)
        assert response.status_code == 404
        assert 'class="' in response.content.decode()


def test_a_number_that_nothing_can_have_is_not_issued(cast: Cast, client: Client) -> None:
    client.force_login(cast.coordinator)
    assert client.post("/recommendations/issue/", {"number": "D-2026\0"}).status_code == 302
