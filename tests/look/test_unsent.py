"""A form that is sent after the session ended: what was typed goes along through signing in, and is offered again."""

import html
import re
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.desk.kinds import kinds
from cases.desk.models import Comment
from cases.followup.models import Evidence, Recommendation
from cases.registry.models import User
from config.unsent import LONGEST, SALT, is_kept
from tests.cast import PASSWORD, Cast
from tests.factories import make_recommendation
from workflow.lifecycles.recommendation import State

pytestmark = pytest.mark.django_db
TYPED = 'Биз баштадык, «колледж» & "китепкана" <ок>\nЭкинчи сап.'
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def case(cast: Cast) -> Recommendation:
    return make_recommendation(cast, State.IN_PROGRESS)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def lose_session(browser: Client, person: User) -> None:
    """As if the person had signed in here, and twelve hours had passed."""
    enter(browser, person)
    del browser.cookies["sessionid"]


def enter(browser: Client, person: User) -> Any:
    page = browser.get("/login/")
    return browser.post("/login/", {**hidden(page), "username": person.email, "password": PASSWORD})


def leave(browser: Client) -> None:
    browser.post("/logout/", {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value})


def comment(case: Recommendation) -> str:
    return f"/recommendations/{case.number}/comment/"


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of the page's own form, as a browser sends them."""
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return {name: html.unescape(value) for name, value in HIDDEN.findall(main)}


def test_what_was_typed_arrives_in_the_end(client: Client, cast: Cast, case: Recommendation) -> None:
    lose_session(client, cast.rector)
    sent = {"audience": "institution", "text": TYPED}
    asked = client.post(comment(case), sent, headers={"referer": f"http://testserver{case.get_absolute_url()}"})
    assert asked.status_code == 403
    assert "What you typed is kept" in asked.content.decode()
    assert "no-store" in asked["Cache-Control"]
    assert not Comment.objects.exists()
    wrong = client.post("/login/", {**hidden(asked), "username": cast.rector.email, "password": "no"})
    assert wrong.status_code == 422
    offered = client.post("/login/", {**hidden(wrong), "username": cast.rector.email, "password": PASSWORD})
    assert (offered.status_code, hidden(offered) | sent) == (200, hidden(offered))
    assert f'action="{comment(case)}"' in offered.content.decode()
    assert f'href="{case.get_absolute_url()}"' in offered.content.decode()
    assert not Comment.objects.exists(), "whoever signed in decides"
    client.post(comment(case), hidden(offered))
    assert Comment.objects.get().text.splitlines() == TYPED.splitlines()


def test_who_signed_in_in_another_window_meanwhile_is_offered_it_too(
    client: Client, cast: Cast, case: Recommendation
) -> None:
    """Two windows stood at the page of signing in: signing in at one makes the other one's form too old."""
    browser = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    browser.cookies["django_language"] = "en"
    lose_session(browser, cast.rector)
    token = hidden(browser.get("/login/"))
    sent = {**token, "audience": "institution", "text": TYPED}
    first, second = browser.post(comment(case), sent), browser.post(comment(case), sent)
    entered = {"username": cast.rector.email, "password": PASSWORD}
    assert browser.post("/login/", {**hidden(first), **entered}).status_code == 200
    offered = browser.post("/login/", {**hidden(second), **entered})
    assert (offered.status_code, hidden(offered)["text"]) == (403, TYPED)
    assert browser.post(comment(case), hidden(offered)).status_code == 302


def test_a_button_for_everybody_asks_nobody_to_sign_in(client: Client, db: None) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    for address, sent in (
        ("/theme/", {"theme": "dark"}),
        ("/registry/people/forgotten-password/", {"email": "a@b.example"}),
    ):
        page = browser.post(address, sent, headers={"accept-language": "en"})
        assert (page.status_code, "The form has expired" in page.content.decode()) == (403, True)


def test_who_is_locked_out_for_a_while_loses_nothing(client: Client, cast: Cast, case: Recommendation) -> None:
    lose_session(client, cast.rector)
    page = client.post(comment(case), {"audience": "institution", "text": TYPED})
    for _time in range(5):
        page = client.post("/login/", {**hidden(page), "username": cast.rector.email, "password": "no"})
    assert page.status_code == 429
    assert hidden(page)["unsent"]


def test_whoever_sends_it_has_seen_what_it_is_and_in_whose_name(
    client: Client, cast: Cast, case: Recommendation
) -> None:
    lose_session(client, cast.coordinator)
    asked = client.post(comment(case), {"audience": "institution", "text": TYPED, "version": "77"})
    offered = client.post("/login/", {**hidden(asked), "username": cast.coordinator.email, "password": PASSWORD})
    page = offered.content.decode().partition("<main")[2]
    assert cast.coordinator.full_name in page
    assert html.escape(TYPED) in page
    assert f'typed">{comment(case)}</p>' in page
    assert ">77<" not in page
    assert 'name="language"' not in offered.content.decode(), "that would lead away from it"


def test_a_file_is_asked_for_again(client: Client, cast: Cast, case: Recommendation) -> None:
    lose_session(client, cast.rector)
    file = SimpleUploadedFile("report.pdf", b"%PDF-1.4")
    asked = client.post(f"/recommendations/{case.number}/evidence/", {"note": TYPED, "file": file})
    offered = client.post("/login/", {**hidden(asked), "username": cast.rector.email, "password": PASSWORD})
    assert '<input class="form-control" type="file" id="file-1" name="file" required>' in offered.content.decode()
    assert 'enctype="multipart/form-data"' in offered.content.decode()
    back = client.post(f"/recommendations/{case.number}/evidence/", hidden(offered))
    assert back.status_code == 422
    assert html.escape(TYPED.splitlines()[1]) in back.content.decode()
    assert not Evidence.objects.filter(note__contains="сап").exists()


@pytest.mark.parametrize("fields", [{}, {"old_password": "secret", "x": "y"}, {"text": "x" * (LONGEST + 1)}])
def test_passwords_are_never_carried_and_no_more_than_a_page_bears(client: Client, fields: dict[str, str]) -> None:
    answer = client.post("/password/", fields)
    assert answer["Location"] == "/login/?next=/"
    assert "so nothing was saved. Sign in and try again." in client.get("/login/").content.decode()


FROM_ITS_OWN_PAGE_ALONE = {
    "account_change": "approve refuse withdraw",
    "deliverable": "approve decline give_back leave_out recall reopen send_back submit take",
    "effect_review": "assess",
    "engagement": "begin_analysis begin_collection begin_conclusions begin_reporting cancel close publish resume"
    " send_back start suspend",
    "extension": "grant refuse return_request",
    "finding": "confirm drop propose send_back withdraw",
    "plan_schedule": "decline give_back put_in_force recall send_back submit supersede take",
    "recommendation": "accept_claim agree_plan close close_unimplemented issue withdraw",
}
"""What ends or annuls something, and what takes no text that could get lost: approved by a reader, act by act."""


def test_which_acts_are_done_from_their_own_page_alone() -> None:
    """Else somebody could prepare one on a shared computer, for one press of who signs in next."""
    found = {
        name: " ".join(sorted(act for act in kind.model.acts() if not is_kept(kind.model, act)))
        for name, kind in kinds().items()
        if not kind.model.__module__.startswith("tests.")
    }
    assert found == FROM_ITS_OWN_PAGE_ALONE


@pytest.mark.parametrize("action", ["accept_claim", "agree_plan", "close", "withdraw", "respond", "uphold"])
def test_an_act_that_ends_something_is_lost_and_said_to_be(
    client: Client, cast: Cast, case: Recommendation, action: str
) -> None:
    lose_session(client, cast.rector)
    address = f"/recommendations/{case.number}/act/{action}/"
    asked = client.post(
        address, {"reason": TYPED, "version": case.version}, headers={"referer": f"http://testserver{address}"}
    )
    if action in FROM_ITS_OWN_PAGE_ALONE["recommendation"].split():
        assert asked["Location"] == f"/login/?next={address}"
        assert "so nothing was saved. Sign in and try again." in client.get("/login/").content.decode()
    else:
        assert hidden(asked)["unsent"]


def test_nobody_is_offered_what_somebody_else_typed(client: Client, cast: Cast, case: Recommendation) -> None:
    lose_session(client, cast.officer)
    asked = client.post(comment(case), {"audience": "institution", "text": TYPED})
    answer = client.post("/login/", {**hidden(asked), "username": cast.rector.email, "password": PASSWORD})
    assert answer["Location"] == case.get_absolute_url() or answer["Location"] == "/"
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Somebody else was signed in here before" in page
    assert "китепкана" not in page
    assert not Comment.objects.exists()


def test_what_is_typed_after_somebody_signed_out_is_nobodys(client: Client, cast: Cast, case: Recommendation) -> None:
    """Else somebody could put a form together in their name, before they come back."""
    enter(client, cast.rector)
    leave(client)
    answer = client.post(comment(case), {"audience": "institution", "text": TYPED})
    assert answer["Location"].startswith("/login/")
    assert "so nothing was saved. Sign in and try again." in client.get("/login/").content.decode()


def test_in_a_browser_of_two_people_a_page_that_stood_open_is_offered_to_nobody(
    cast: Cast, case: Recommendation
) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    browser.cookies["django_language"] = "en"
    sent = {"audience": "institution", "text": TYPED, "csrfmiddlewaretoken": "old"}
    enter(browser, cast.rector)
    assert "Not sent yet" in browser.post(comment(case), sent).content.decode()
    leave(browser)
    enter(browser, cast.officer)
    page = browser.post(comment(case), sent)
    assert (page.status_code, "The form has expired" in page.content.decode()) == (403, True)


@pytest.mark.parametrize("salt", ["", "other"])
def test_what_somebody_else_put_together_is_not_offered(client: Client, cast: Cast, salt: str) -> None:
    unsent = signing.dumps(["/x/", [], [], ""], salt=salt) if salt else "forged"
    answer = client.post("/login/", {"username": cast.rector.email, "password": PASSWORD, "unsent": unsent})
    assert answer["Location"] == "/"


def test_after_a_day_it_is_forgotten(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    old = signing.TimestampSigner(salt=SALT)
    monkeypatch.setattr("django.core.signing.time.time", lambda: 1_000_000_000)
    unsent = signing.dumps(["/x/", [["a", "b"]], [], ""], salt=SALT, compress=True)
    monkeypatch.undo()
    assert old.unsign(unsent)
    answer = client.post("/login/", {"username": cast.rector.email, "password": PASSWORD, "unsent": unsent})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_page_that_stood_open_while_somebody_signed_in_anew_loses_nothing_either(
    cast: Cast, case: Recommendation, is_signed_in: bool
) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    browser.cookies["django_language"] = "en"
    enter(browser, cast.rector)
    if not is_signed_in:
        del browser.cookies["sessionid"]
    page = browser.post(comment(case), {"audience": "institution", "text": TYPED, "csrfmiddlewaretoken": "old"})
    assert ("Not sent yet" if is_signed_in else "What you typed is kept") in page.content.decode()
    assert not Comment.objects.exists()
    if is_signed_in:
        fresh = hidden(page)
        assert fresh["text"] == TYPED
        assert browser.post(comment(case), fresh).status_code == 302
        assert Comment.objects.exists()


def test_what_comes_from_elsewhere_is_taken_along_by_nothing(cast: Cast, case: Recommendation) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"origin": "https://elsewhere.example"})
    browser.cookies["django_language"] = "en"
    browser.force_login(cast.rector)
    page = browser.post(comment(case), {"audience": "institution", "text": TYPED})
    assert page.status_code == 403
    assert "The form has expired" in page.content.decode()
    assert "китепкана" not in page.content.decode()
