"""Pages are sent compressed, with a length that tells nothing; files and tables are not."""

import gzip

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db
PACKED = {"accept-encoding": "gzip, deflate, br"}


def test_a_page_is_compressed_for_browsers_that_can_read_it(client: Client) -> None:
    plain, packed = client.get("/login/"), client.get("/login/", headers=PACKED)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain["Vary"]
    assert "Accept-Encoding" in packed["Vary"]
    assert b"</html>" in gzip.decompress(packed.content)
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2


def test_the_length_of_the_same_page_differs(client: Client) -> None:
    pages = [client.get("/no-such-page/", headers=PACKED) for _time in range(20)]
    assert len({len(page.content) for page in pages}) > 3


def test_tables_and_files_are_sent_as_they_are(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    for url in ("/recommendations/export.csv", "/recommendations/export.xlsx", "/source/"):
        response = client.get(url, headers=PACKED)
        assert response.status_code == 200
        assert "Content-Encoding" not in response
    assert client.get("/recommendations/", headers=PACKED)["Content-Encoding"] == "gzip"
