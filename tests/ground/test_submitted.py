"""A form that is sent twice is stored once, and whoever pressed twice sees what came of the first time."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases.desk.models import Comment
from cases.followup.models import Evidence, Extension, Recommendation
from cases.ground.models import SubmittedForm
from cases.registry.models import LegalAct, Upload
from tests.cast import Cast
from tests.config.places import ROOT
from tests.factories import make_recommendation
from tests.followup.draft_forms import LEAST
from tests.followup.files import PDF
from tests.look.test_unsent import hidden
from workflow.lifecycles.recommendation import State
from workflow.models import Event

TOKEN, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
ONCE = "This form arrived twice. It was stored once"


@pytest.fixture(autouse=True)
def evidence_folder(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR = tmp_path


@pytest.fixture
def case(cast: Cast) -> Recommendation:
    return make_recommendation(cast, State.IN_PROGRESS)


def browser(person: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def every_form(cast: Cast, case: Recommendation) -> Iterator[tuple[Any, str, dict[str, Any], Any]]:
    """Who sends which form where, and what is stored by it."""
    page = case.get_absolute_url()
    yield cast.rector, f"{page}comment/", {"audience": "institution", "text": "Started."}, Comment
    yield cast.officer, f"{page}evidence/", {"note": "Shown", "file": PDF}, Evidence
    yield (
        cast.officer,
        f"{page}extend/",
        {"until": str(case.current_due + timedelta(days=20)), "reason": "Late."},
        Extension,
    )
    yield cast.coordinator, "/recommendations/new/", LEAST, Recommendation
    act = {"kind": "order", "title_ky": "Буйрук", "number": "7"}
    yield cast.registrar, reverse("act_add"), act, LegalAct
    table = b"code,kind,name_ky,institution_type\nX1,institution,\xd0\x90,college\n"
    yield cast.registrar, "/registry/import/organisations/", {"table": table}, Upload


def fresh(fields: dict[str, Any]) -> dict[str, Any]:
    """Files can be read but once."""
    return {
        name: SimpleUploadedFile("a.pdf" if value is PDF else "a.csv", value) if isinstance(value, bytes) else value
        for name, value in fields.items()
    }


@pytest.mark.django_db
def test_every_form_that_is_sent_twice_is_stored_once_and_shows_the_same_result(
    cast: Cast, case: Recommendation
) -> None:
    for person, address, fields, model in every_form(cast, case):
        client, before = browser(person), model.objects.count()
        answers = [client.post(address, fresh({**fields, "form_token": TOKEN})) for _press in range(3)]
        assert [answer.status_code for answer in answers] == [302] * 3, (address, answers[0].content)
        assert len({answer["Location"] for answer in answers}) == 1, address
        assert model.objects.count() == before + 1, address
        assert ONCE in client.get(answers[0]["Location"]).content.decode()


@pytest.mark.django_db
def test_without_the_token_it_is_stored_as_often_as_it_is_sent(cast: Cast, case: Recommendation) -> None:
    for token in ({}, {"form_token": "forged"}):
        for _press in range(2):
            browser(cast.rector).post(
                f"{case.get_absolute_url()}comment/", {"audience": "institution", "text": "A", **token}
            )
    assert Comment.objects.count() == 4


@pytest.mark.django_db
def test_another_text_another_page_and_another_person_are_other_forms(cast: Cast, case: Recommendation) -> None:
    address = f"{case.get_absolute_url()}comment/"
    sent = {"audience": "institution", "text": "A", "form_token": TOKEN}
    for person, changed in (
        (cast.rector, {}),
        (cast.rector, {"text": "B"}),
        (cast.rector, {"form_token": OTHER}),
        (cast.officer, {}),
    ):
        assert browser(person).post(address, sent | changed).status_code == 302
    assert Comment.objects.count() == 4
    assert browser(cast.rector).post(address, sent).status_code == 302
    assert Comment.objects.count() == 4


@pytest.mark.django_db
def test_what_is_refused_can_be_corrected_and_sent_again(cast: Cast, case: Recommendation) -> None:
    client, address = browser(cast.rector), f"{case.get_absolute_url()}comment/"
    sent = {"audience": "institution", "text": "", "form_token": TOKEN}
    for _press in range(2):
        assert client.post(address, sent).status_code == 422
    assert not SubmittedForm.objects.exists()
    assert client.post(address, sent | {"text": "Now."}).status_code == 302
    elsewhere = browser(cast.director)
    assert elsewhere.post(address, sent | {"text": "Now."}).status_code == 404
    assert SubmittedForm.objects.count() == 1


@pytest.mark.django_db
def test_a_page_that_only_shows_more_of_the_form_is_no_result(cast: Cast, case: Recommendation) -> None:
    client, rows = browser(cast.rector), {"rows": "3", "version": "0", "more_rows": "1", "form_token": TOKEN}
    plan = make_recommendation(cast, State.ISSUED).get_absolute_url() + "plan/"
    assert [client.post(plan, rows).status_code for _press in range(2)] == [200, 200]
    assert not SubmittedForm.objects.exists()


@pytest.mark.django_db
def test_an_act_pressed_twice_is_done_once_and_is_no_conflict(cast: Cast) -> None:
    case = make_recommendation(cast, State.DRAFT, coordinator=cast.coordinator)
    client, address = browser(cast.coordinator), f"{case.get_absolute_url()}act/issue/"
    assert "form_token" in hidden(client.get(address))
    sent = {"version": str(case.version), "form_token": TOKEN}
    assert [client.post(address, sent).status_code for _press in range(2)] == [302, 302]
    assert Event.objects.of("recommendation", case.pk).filter(action="issue").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_presses_in_the_same_moment_are_stored_once(cast: Cast, case: Recommendation) -> None:
    sent = {"audience": "institution", "text": "A", "form_token": TOKEN}
    answers: list[Any] = []

    def press(client: Client) -> None:
        try:
            answers.append(client.post(f"{case.get_absolute_url()}comment/", sent))
        finally:
            connection.close()

    threads = [Thread(target=press, args=(browser(cast.rector),)) for _press in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [answer.status_code for answer in answers] == [302] * 6
    assert Comment.objects.count() == 1
    assert len({answer["Location"] for answer in answers}) == 1


def test_every_form_of_ours_that_stores_something_has_a_token() -> None:
    """Those that do not: they change nothing when they arrive twice, or are of people who are not signed in."""
    without = {
        "503.html", "unsent.html", "login.html", "password_change.html", "components/header.html",
        "components/language.html", "components/footer.html", "notifications/messages.html",
        "notifications/undelivered.html", "registry/person.html", "registry/set_password.html", "followup/list.html",
    }  # fmt: skip
    templates = ROOT / "templates"
    found = {
        str(path.relative_to(templates))
        for path in templates.rglob("*.html")
        if re.search("<form[^>]*method=.post", path.read_text())
        and path.read_text().count("{% form_token %}") < len(re.findall("<form[^>]*method=.post", path.read_text()))
    }
    assert found == without
