"""What is believed of who speaks to us: only what a proxy of ours says, and only what it saw itself."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cases.ground.networks import neighbourhood
from config.proxies import ProxyMiddleware

CLIENT, PROXY, INNER = "203.0.113.7", "10.0.0.5", "10.0.0.9"


@pytest.fixture
def behind(settings: Any) -> Any:
    """One proxy, which speaks to us from PROXY."""
    settings.TRUSTED_PROXIES, settings.PROXY_ADDRESSES = 1, [ip_network("10.0.0.0/24")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return settings


def seen(peer: str, forwarded: str = "", proto: str = "") -> tuple[str, str]:
    """The client's address and scheme, as everything behind the middleware sees them."""
    headers = {"HTTP_X_FORWARDED_FOR": forwarded, "HTTP_X_FORWARDED_PROTO": proto}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **{name: value for name, value in headers.items() if value})
    passed: list[HttpRequest] = []

    def end(request: HttpRequest) -> HttpResponse:
        passed.append(request)
        return HttpResponse()

    ProxyMiddleware(end)(request)
    return passed[0].META["REMOTE_ADDR"], str(passed[0].scheme)


def test_the_client_is_who_our_proxy_saw(behind: Any) -> None:
    assert seen(PROXY, CLIENT, "https") == (CLIENT, "https")
    assert seen(PROXY, f"8.8.8.8, {CLIENT}", "https, http") == (CLIENT, "http")
    assert seen("", CLIENT, "https") == (CLIENT, "https"), "a Unix socket"


def test_somebody_who_comes_past_the_proxy_is_not_believed(behind: Any) -> None:
    assert seen(CLIENT, "8.8.8.8", "https") == (CLIENT, "http")


def test_without_proxies_nothing_is_believed(behind: Any) -> None:
    behind.TRUSTED_PROXIES = 0
    assert seen(PROXY, CLIENT, "https")[0] == PROXY
    behind.SECURE_PROXY_SSL_HEADER = None
    assert seen(PROXY, CLIENT, "https")[1] == "http"


def test_of_two_proxies_the_outer_one_saw_the_client(behind: Any) -> None:
    behind.TRUSTED_PROXIES = 2
    assert seen(PROXY, f"8.8.8.8, {CLIENT}, {INNER}", "https")[0] == CLIENT
    assert seen(PROXY, INNER)[0] == INNER, "somebody who came past the outer one"


@pytest.mark.parametrize("entry", ["203.0.113.7:4711", "::ffff:203.0.113.7", "[::ffff:203.0.113.7]:80", " 203.0.113.7"])
def test_an_address_is_read_in_every_usual_spelling(behind: Any, entry: str) -> None:
    assert seen(PROXY, entry)[0] == CLIENT


@hypothesis_settings(max_examples=200)
@given(forged=st.text(st.characters(blacklist_characters="\r\n", max_codepoint=255), max_size=60))
def test_whatever_the_client_writes_the_proxy_s_word_counts(forged: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.TRUSTED_PROXIES", 1)
        patch.setattr("django.conf.settings.PROXY_ADDRESSES", [ip_network("10.0.0.0/24")])
        assert seen(PROXY, f"{forged}, {CLIENT}", f"{forged}, http")[0] == CLIENT
        assert seen(PROXY, forged)[0], "there is always an address"


@pytest.mark.parametrize(
    ("address", "counted"),
    [(CLIENT, CLIENT), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("::ffff:203.0.113.7", CLIENT), ("", ""), ("x", "")],
)
def test_an_ipv6_network_counts_as_one(address: str, counted: str) -> None:
    assert neighbourhood(address) == counted


@pytest.mark.django_db
def test_https_ends_at_the_proxy_and_no_page_loops(client: Client, behind: Any) -> None:
    behind.SECURE_SSL_REDIRECT = True
    through = {"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": CLIENT}
    assert client.get("/login/", HTTP_X_FORWARDED_PROTO="https", **through).status_code == 200
    assert client.get("/login/", HTTP_X_FORWARDED_PROTO="http", **through).status_code == 301
    assert client.get("/login/", REMOTE_ADDR=CLIENT, HTTP_X_FORWARDED_PROTO="https").status_code == 301
