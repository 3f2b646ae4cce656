"""Forms that are old, forged, foreign or malformed: a sentence, or not found, and nothing is changed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cases.followup.models import Recommendation
from cases.followup.verbs import translate
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.followup.pages import FOREIGN, Opened, footprint, press, text_of, url
from workflow.door import perform
from workflow.terms import legal_date

pytestmark = pytest.mark.slow

SOON = str(legal_date() + timedelta(days=90))
RISK = {"reason": "It costs more than it saves.", "risk_owner": "Vice-rector", "risk_expires_on": SOON}
FORGED = (
    "delete", "create", "edit", "move_due", "comment", "steps", "full_clean", "__init__", "ISSUE", "issue;", "дело",
)  # fmt: skip


def test_a_form_filled_on_an_old_version_comes_back_with_what_changed(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    client = as_("rector")
    opened = case.version
    text = "Complete the whole stock of the library by the academic year 2027."
    translate(case, "en", text, by=cast.coordinator, is_checked=True)
    before = footprint(case)
    inputs = {"reason": "We have no library <at all>.", "asked": "Take it back"}
    response: Any = client.post(url(case, "dispute"), {"version": opened, **inputs})
    page = text_of(response)
    assert response.status_code == 409
    assert footprint(case) == before
    assert "This case changed after you opened it." in page
    assert "What changed since you opened this page" in page
    assert "Aigul (test)" in page
    assert re.search(r'<ins class="d">\s*whole\s*</ins>', page)
    assert "We have no library &lt;at all&gt;." in page
    assert f'name="version" value="{case.version}"' in page
    again = client.post(url(case, "dispute"), {"version": case.version, **inputs})
    assert again.status_code == 302
    assert Recommendation.objects.get(pk=case.pk).state == "disputed"


def test_of_two_who_press_the_second_is_told_and_nothing_is_done_twice(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "under_review")
    first, second = as_("coordinator"), as_("coordinator")
    assert press(first, case, "agree_plan").status_code == 302
    before = footprint(case)
    late = press(second, case, "return_plan", reason="Name the posts.")
    page = text_of(late)
    assert late.status_code == 409
    assert "Name the posts." in page
    assert "Answer under review → In progress" in page
    assert "the case is in the state “In progress”" in page
    assert 'name="version"' not in page, "what is impossible is not offered again"
    assert footprint(case) == before


def test_the_notice_tells_an_institution_no_internal_remark(as_: Opened, cast: Cast) -> None:
    extension = make_extension(cast)
    case = extension.recommendation
    opened = case.version
    perform(extension, "grant", by=cast.coordinator, text="Granted once")
    response: Any = as_("rector").post(url(case, "claim"), {"version": opened, "text": "Done"})
    assert response.status_code == 409
    assert "Due date moved" in text_of(response)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, None])
def test_a_form_without_its_version_is_not_taken(as_: Opened, cast: Cast, version: str | None) -> None:
    case = make_recommendation(cast, "under_review")
    before = footprint(case)
    data = {"reason": "Name the posts."} | ({} if version is None else {"version": version})
    response: Any = as_("coordinator").post(url(case, "return_plan"), data)
    page = text_of(response)
    assert response.status_code == 422
    assert "The form did not say which version of the case you saw." in page
    assert "Name the posts." in page
    assert f'name="version" value="{case.version}"' in page
    assert footprint(case) == before


@pytest.mark.parametrize("who", FOREIGN)
def test_foreign_numbers_are_not_found(as_: Opened, cast: Cast, who: str) -> None:
    case = make_recommendation(cast, "in_progress")
    extension = make_extension(cast, case)
    before = footprint(case), footprint(extension)
    client = as_(who)
    for subject, action in ((case, "claim"), (case, "withdraw"), (case, "forged"), (extension, "grant")):
        for response in (client.get(url(subject, action)), press(client, subject, action, **RISK)):
            assert response.status_code == 404
            assert subject.number not in text_of(response).replace(url(subject, action), "")
    assert (footprint(case), footprint(extension)) == before


def test_an_unknown_number_is_not_found(as_: Opened, cast: Cast) -> None:
    for address in ("/recommendations/R-1999-00001/act/issue/", "/extensions/R-1999-00001-E1/act/grant/"):
        assert as_("coordinator").get(address).status_code == 404
        assert as_("coordinator").post(address, {"version": 1}).status_code == 404


@pytest.mark.parametrize("who", ["rector", "officer"])
def test_a_draft_is_not_found_by_its_institution(as_: Opened, cast: Cast, who: str) -> None:
    case = make_recommendation(cast, "draft")
    assert as_(who).get(url(case, "issue")).status_code == 404
    assert press(as_(who), case, "issue").status_code == 404


@pytest.mark.parametrize("action", FORGED)
def test_forged_actions_get_a_sentence_and_change_nothing(as_: Opened, cast: Cast, action: str) -> None:
    case = make_recommendation(cast, "in_progress")
    extension = make_extension(cast, case)
    before = footprint(case), footprint(extension)
    client = as_("coordinator")
    for subject in (case, extension):
        for response in (client.get(url(subject, action)), press(client, subject, action, reason="x")):
            assert response.status_code == 403
            assert "There is no such action." in text_of(response)
    assert (footprint(case), footprint(extension)) == before


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_not_taken(as_: Opened, cast: Cast, method: str) -> None:
    case = make_recommendation(cast, "in_progress")
    assert getattr(as_("rector"), method)(url(case, "claim")).status_code == 405


def test_who_is_not_signed_in_is_asked_to_sign_in(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    response = Client().post(url(case, "claim"), {"version": case.version})
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/login/")
    assert Recommendation.objects.get(pk=case.pk).state == "in_progress"


def test_texts_lose_their_control_characters_and_are_shown_as_typed(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    typed = "<script>alert(1)</script>\x00\x07 first\r\nsecond\tline\u202e & more"
    response = press(as_("rector"), case, "dispute", reason=typed, asked="Take it back")
    assert response.status_code == 302
    [answer] = Recommendation.objects.get(pk=case.pk).responses.all()
    assert answer.text == "<script>alert(1)</script> first\nsecond\tline & more"
    page = text_of(as_("leader").get(case.get_absolute_url()))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; first" in page


def test_a_text_beyond_all_measure_is_refused(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "disputed")
    before = footprint(case)
    response = press(as_("leader"), case, "uphold", reason="ы" * 10_001)
    assert response.status_code == 422
    assert footprint(case) == before
    assert press(as_("leader"), case, "uphold", reason="ы" * 10_000).status_code == 302
