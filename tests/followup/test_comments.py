"""Comments: who reads one is said before and after it is written, and an internal one never reaches the institution."""

import re

import pytest
from django.template.loader import render_to_string

from cases.desk.models import Comment
from cases.desk.talking import comment
from cases.followup.models import Recommendation
from cases.registry.models import Membership
from tests.cast import Cast, person
from tests.factories import make_recommendation
from tests.followup.pages import Opened, text_of
from workflow.door import Refused
from workflow.may import can
from workflow.models import Event
from workflow.roles import Role

pytestmark = pytest.mark.slow

SEEN = "The institution sees this"
INTERNAL = "Internal: the institution does not see this"


def address(case: Recommendation) -> str:
    return f"/recommendations/{case.number}/comment/"


def audiences(html: str) -> list[str]:
    return re.findall(r'name="audience" value="(\w+)"', html)


@pytest.mark.parametrize("who", ["coordinator", "second_coordinator", "head", "leader"])
def test_the_department_and_the_ministry_choose_who_reads(as_: Opened, cast: Cast, who: str) -> None:
    case = make_recommendation(cast, "issued")
    client = as_(who)
    page = text_of(client.get(address(case)))
    assert audiences(page) == ["institution", "internal"]
    assert SEEN in page
    assert INTERNAL in page
    for audience, is_internal in (("institution", False), ("internal", True)):
        response = client.post(address(case), {"audience": audience, "text": f"For {audience} <b>"})
        assert (response.status_code, response.headers["Location"]) == (302, f"{case.get_absolute_url()}#comments")
        written = Comment.objects.latest("pk")
        assert (written.is_internal, written.text) == (is_internal, f"For {audience} <b>")
    shown = text_of(client.get(case.get_absolute_url()))
    assert "For internal &lt;b&gt;" in shown
    assert "For institution &lt;b&gt;" in shown
    to_rector = text_of(as_("rector").get(case.get_absolute_url()))
    assert "For institution &lt;b&gt;" in to_rector
    assert all("The institution, the Department and the Ministry see this" in page for page in (shown, to_rector))
    assert "For internal" not in to_rector


@pytest.mark.parametrize("who", ["rector", "officer"])
def test_an_institution_writes_what_the_department_reads(as_: Opened, cast: Cast, who: str) -> None:
    case = make_recommendation(cast, "issued")
    client = as_(who)
    page = text_of(client.get(address(case)))
    assert audiences(page) == ["institution"]
    assert "The Department and the Ministry see this" in page
    assert client.post(address(case), {"audience": "institution", "text": "Done so far"}).status_code == 302
    forged = client.post(address(case), {"audience": "internal", "text": "Let me in"})
    assert (forged.status_code, "You may not do this" in text_of(forged)) == (422, True)
    assert list(Comment.objects.values_list("text", "is_internal")) == [("Done so far", False)]


def test_nobody_guesses_who_is_to_read(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    for audience in ("", "everybody"):
        response = as_("coordinator").post(address(case), {"audience": audience, "text": "Well"})
        assert (response.status_code, "Say who is to read the comment." in text_of(response)) == (422, True)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(("audience", "other"), [("institution", "internal"), ("internal", "institution")])
def test_a_refused_comment_comes_back_in_its_own_box(as_: Opened, cast: Cast, audience: str, other: str) -> None:
    case = make_recommendation(cast, "issued")
    for text, sentence in (("x" * 5001, "at most 5000 characters"), (" \n\x00", "Write the comment.")):
        response = as_("coordinator").post(address(case), {"audience": audience, "text": text})
        shown = text_of(response)
        assert response.status_code == 422
        assert re.search(rf'<a href="#comment-{audience}">[^<]*{sentence}', shown)
        boxes = dict(re.findall(r'<textarea[^>]*id="comment-(\w+)"[^>]*>(.*?)</textarea>', shown, re.DOTALL))
        assert (boxes[audience].strip("\0"), boxes[other]) == (text.strip("\0"), "")
    assert not Comment.objects.exists()


def test_control_characters_are_left_out_and_lines_kept(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    as_("officer").post(address(case), {"audience": "institution", "text": "a\x00b\x1b[31m\r\nsecond\u202e line"})
    assert Comment.objects.get().text == "ab[31m\nsecond line"


def test_a_comment_leaves_the_version_and_is_on_the_trail(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    version = case.version
    comment(case, " Well ", by=cast.officer, is_internal=False)
    assert Recommendation.objects.get(pk=case.pk).version == version
    event = Event.objects.of("recommendation", case.pk).latest("pk")
    assert (event.action, event.actor, "Well" in event.details.text) == ("comment", cast.officer, True)
    with pytest.raises(Refused, match="Write the comment"):
        comment(case, " \t", by=cast.officer, is_internal=False)


def test_drafts_and_closed_cases_take_internal_comments_only(as_: Opened, cast: Cast) -> None:
    for state in ("draft", "closed"):
        case = make_recommendation(cast, state)
        client = as_("coordinator")
        assert audiences(text_of(client.get(address(case)))) == ["internal"]
        refused = client.post(address(case), {"audience": "institution", "text": "Kept words"})
        assert (refused.status_code, "This is not possible now" in text_of(refused)) == (422, True)
        assert client.post(address(case), {"audience": "internal", "text": "Note"}).status_code == 302
    closed = as_("rector").get(address(case))
    assert (closed.status_code, "in the state “Closed”" in text_of(closed)) == (403, True)


def test_who_only_reads_gets_the_reason_and_strangers_nothing(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    sent = {"audience": "institution", "text": "Let me in"}
    for answer in (as_("observer").get(address(case)), as_("observer").post(address(case), sent)):
        assert (answer.status_code, "You may not do this" in text_of(answer)) == (403, True)
    for who in ("director", "expert", "registrar", "stranger"):
        assert {as_(who).get(address(case)).status_code, as_(who).post(address(case), sent).status_code} == {404}
    assert not Comment.objects.exists()


def test_a_role_in_another_department_opens_no_internal_comment(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    comment(case, "Internal", by=cast.coordinator, is_internal=True)
    both = person("Both", (cast.university, Role.INSTITUTION_OFFICER), (cast.other_department, Role.COORDINATOR))
    assert not Comment.objects.visible_to(both, case).exists()
    Membership.objects.filter(person=both, role=Role.COORDINATOR).update(organisation=cast.department)
    again = type(both).objects.get(pk=both.pk)
    assert Comment.objects.visible_to(again, case).count() == 1


def test_the_boxes_can_stand_on_the_page_of_the_case(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    for who, boxes in ((cast.coordinator, 2), (cast.officer, 1), (cast.observer, 0)):
        html = render_to_string("desk/comment_form.html", {"case": case, "can": can(case, who)})
        assert html.count("<textarea") == boxes
