"""Wrong passwords: guessing becomes slow, and nobody can keep somebody else from signing in."""

import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import get_hasher, make_password
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.registry.models import User
from cases.registry.verbs import password_path
from config.attempts import FREE_BY_ACCOUNT, FREE_BY_ADDRESS, LONGEST_WAIT
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
TOO_MANY, WRONG, DONE = 429, 422, 302


def browser() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def sign_in(client: Client, person: User | str, password: str = PASSWORD, *, address: str = HOME) -> Any:
    name = person if isinstance(person, str) else person.email
    sent = {"username": name, "password": password, "next": "/password/"}
    return client.post("/login/", sent, REMOTE_ADDR=address)


def known_browser(person: User) -> Client:
    client = browser()
    assert sign_in(client, person).status_code == DONE
    client.post("/logout/")
    return client


def guess(person: User | str, times: int, *, address: str = ELSEWHERE) -> None:
    for _time in range(times):
        sign_in(browser(), person, "wrong", address=address)


def guess_from_everywhere(person: User) -> None:
    for place in range(FREE_BY_ACCOUNT):
        guess(person, 1, address=f"198.51.100.{place}")


def let_pass(seconds: float) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(seconds=seconds))


def test_after_five_wrong_passwords_the_page_says_when_to_try_again_and_keeps_what_was_typed(cast: Cast) -> None:
    client = browser()
    answers = [sign_in(client, cast.coordinator, "my secret word") for _time in range(5)]
    assert [answer.status_code for answer in answers] == [WRONG, WRONG, WRONG, WRONG, TOO_MANY]
    page = answers[-1].content.decode()
    assert "Try again in 15 minutes" in page
    assert f'value="{cast.coordinator.email}"' in page
    assert 'name="password"' in page
    assert 'name="next" value="/password/"' in page
    assert 'href="/registry/people/forgotten-password/"' in page
    assert "my secret word" not in page
    assert 890 < int(answers[-1]["Retry-After"]) <= 900
    for spelling in (cast.coordinator.email, cast.coordinator.email.upper()):
        assert sign_in(client, spelling).status_code == TOO_MANY
    assert sign_in(browser(), cast.coordinator, address=ELSEWHERE).status_code == DONE
    assert sign_in(client, cast.rector).status_code == DONE


def test_a_wait_is_as_long_as_the_page_said_even_for_who_tries_again(cast: Cast) -> None:
    client = browser()
    guess(cast.coordinator, 5, address=HOME)
    let_pass(14 * 60)
    assert "Try again in 60 seconds" in sign_in(client, cast.coordinator).content.decode()
    let_pass(61)
    assert sign_in(client, cast.coordinator).status_code == DONE


def test_nobody_locks_out_a_browser_in_which_the_account_was_used(cast: Cast) -> None:
    known = known_browser(cast.leader)
    guess(cast.leader, 5, address=HOME)
    guess_from_everywhere(cast.leader)
    assert sign_in(browser(), cast.leader).status_code == TOO_MANY
    assert sign_in(known, cast.leader, "wrong").status_code == WRONG
    assert sign_in(known, cast.leader).status_code == DONE


def test_a_known_browser_is_no_place_to_guess_in(cast: Cast) -> None:
    known = known_browser(cast.coordinator)
    answers = [sign_in(known, cast.coordinator, "wrong") for _time in range(5)]
    assert answers[-1].status_code == TOO_MANY
    assert sign_in(known, cast.coordinator, address=ELSEWHERE).status_code == TOO_MANY
    assert sign_in(browser(), cast.coordinator, address=ELSEWHERE).status_code == DONE
    for _time in range(5):
        sign_in(known, cast.leader, "wrong")
    assert sign_in(known, cast.leader).status_code == TOO_MANY, "known for one account, not for another"


def test_who_tries_one_password_on_many_accounts_has_to_wait_ever_longer(cast: Cast) -> None:
    client, known = browser(), known_browser(cast.head)
    for number in range(FREE_BY_ADDRESS):
        assert sign_in(client, f"person-{number}@test.example", "Spring2026").status_code == WRONG
    assert "Try again in 1 second." in sign_in(client, cast.leader).content.decode()
    let_pass(2)
    assert sign_in(client, "one-more@test.example", "Spring2026").status_code == WRONG
    assert "Try again in 2 seconds." in sign_in(client, cast.leader).content.decode()
    assert sign_in(browser(), cast.leader, address=ELSEWHERE).status_code == DONE
    assert sign_in(known, cast.head).status_code == DONE, "colleagues behind the same address"


def test_many_who_try_one_account_have_to_wait_and_no_longer_than_a_minute(cast: Cast) -> None:
    guess_from_everywhere(cast.leader)
    assert sign_in(browser(), cast.leader).status_code == TOO_MANY
    AccessAttempt.objects.update(failures_since_start=1000)
    assert int(sign_in(browser(), cast.leader)["Retry-After"]) <= LONGEST_WAIT
    assert sign_in(browser(), cast.rector).status_code == DONE


def test_who_has_a_link_sent_need_not_wait(cast: Cast) -> None:
    guess(cast.leader, 5, address=HOME)
    guess_from_everywhere(cast.leader)
    client = browser()
    form = client.get(password_path(cast.leader), follow=True).redirect_chain[-1][0]
    client.post(form, {"new_password1": "quite another one 77", "new_password2": "quite another one 77"})
    assert sign_in(client, cast.leader, "quite another one 77").status_code == DONE


def test_a_forged_cookie_makes_no_known_browser(cast: Cast) -> None:
    client = browser()
    client.cookies["browser"] = "forged"
    for _time in range(5):
        answer = sign_in(client, cast.leader, "wrong")
    assert answer.status_code == TOO_MANY


def test_whoever_has_an_ipv6_network_has_one_address(cast: Cast) -> None:
    for host in range(5):
        guess(cast.leader, 1, address=f"2001:db8:1:2::{host + 1}")
    assert sign_in(browser(), cast.leader, address="2001:db8:1:2:ffff::1").status_code == TOO_MANY
    assert sign_in(browser(), cast.leader, address="2001:db8:1:3::1").status_code == DONE


def test_a_proxy_is_nobodys_address(cast: Cast, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    sent = {"username": cast.leader.email, "password": "wrong"}
    for forged in range(5):
        browser().post("/login/", sent, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=f"10.9.9.{forged}, {ELSEWHERE}")
    there = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": ELSEWHERE}
    here = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": HOME}
    sent["password"] = PASSWORD
    assert browser().post("/login/", sent, **there).status_code == TOO_MANY
    assert browser().post("/login/", sent, **here).status_code == DONE


def test_the_log_names_account_and_address(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "baikoo.security")
    client = browser()
    for _time in range(6):
        sign_in(client, cast.leader, "my secret word")
    sign_in(client, cast.rector)
    sign_in(browser(), 'x@y.z\n Sign-in done: {"account": "forged', "wrong")
    lines = [record.getMessage() for record in caplog.records if record.name == "baikoo.security"]
    assert [line.partition(":")[0] for line in lines] == [*["Sign-in failed"] * 5, "Sign-in refused", "Sign-in done",
                                                          "Sign-in failed"]  # fmt: skip
    seen = [json.loads(line.partition(": ")[2]) for line in lines]
    assert [(one["account"], one["address"]) for one in seen[:7]] == [(cast.leader.email, HOME)] * 6 + [
        (cast.rector.email, HOME)
    ]
    assert not any("\n" in line or "secret" in line for line in lines)


def test_what_was_typed_is_kept_in_no_table(cast: Cast) -> None:
    client = browser()
    sent = {"username": cast.leader.email, "password": "my secret word", "unsent": "typed for hours", "next": "/x/"}
    client.post("/login/", sent, REMOTE_ADDR=HOME)
    [attempt] = AccessAttempt.objects.all()
    assert not any(word in attempt.post_data for word in ("secret", "hours", "/x/"))


WHO = {
    "a wrong password": lambda cast: cast.coordinator.email,
    "an address of nobody": lambda cast: "nobody@test.example",
    "somebody who is deactivated": lambda cast: cast.director.email,
    "somebody who has set no password yet": lambda cast: cast.rector.email,
}


def test_the_page_does_the_same_work_for_every_address(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can tell by the time that an answer takes which addresses are registered."""
    User.objects.filter(pk=cast.director.pk).update(is_active=False)
    User.objects.filter(pk=cast.rector.pk).update(password=make_password(None))
    hashed: list[str] = []
    hasher = type(get_hasher())
    for name in ("encode", "verify"):
        monkeypatch.setattr(hasher, name, _counted(getattr(hasher, name), hashed, name))
    work = {}
    for who, address in WHO.items():
        hashed.clear()
        with CaptureQueriesContext(connection) as captured:
            assert sign_in(browser(), address(cast), "wrong").status_code == WRONG
        statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in captured]
        work[who] = (len(hashed), statements)
    assert {count for count, _statements in work.values()} == {1}
    assert [statements for _count, statements in work.values()] == [work["an address of nobody"][1]] * len(WHO)


def _counted(method: Any, calls: list[str], name: str) -> Any:
    def counted(self: Any, *args: Any, **options: Any) -> Any:
        depth = len(calls)
        answer = method(self, *args, **options)
        del calls[depth:]  # To verify is to encode once more: that is one hash.
        calls.append(name)
        return answer

    return counted
