"""A controller watches over single recommendations: sees them, hears what the institution hears, and may do nothing."""

from datetime import timedelta

import pytest
from django.core import mail

from cases.followup.models import Recommendation
from cases.followup.verbs import Draft, draft_recommendation, draft_successor, edit_draft
from cases.registry.models import Membership, User
from notifications.models import Message
from notifications.worker import send_due_messages
from tests.cast import Cast, person
from tests.factories import make_extension, make_recommendation, make_source
from tests.followup.draft_forms import LEAST, NEW, editing
from tests.followup.pages import Opened, plain, text_of
from workflow.door import Refused, perform
from workflow.may import can, options
from workflow.models import Event
from workflow.roles import Role
from workflow.terms import legal_date

YESTERDAY = legal_date() - timedelta(days=1)


@pytest.fixture
def second(cast: Cast) -> User:
    """Another controller of the same university."""
    return person("Zamir", (cast.university, Role.INSTITUTION_CONTROLLER))


def watched(cast: Cast, state: str = "in_progress") -> Recommendation:
    return make_recommendation(cast, state, watcher=cast.controller)


def told(case: Recommendation, action: str) -> set[User]:
    event = Event.objects.of("recommendation", case.pk).filter(action=action).latest("pk")
    return {row.recipient for row in Message.objects.filter(event=event, channel="email").select_related("recipient")}


def test_they_see_what_they_watch_over_and_nothing_else(cast: Cast, as_: Opened, second: User) -> None:
    mine, other, draft = watched(cast), make_recommendation(cast, "in_progress"), watched(cast, "draft")
    extension = make_extension(cast, mine)
    client = as_("controller")
    rows = client.get("/recommendations/").context["page"].rows
    assert [row.number for row in rows] == [mine.number]
    assert client.get(mine.get_absolute_url()).status_code == 200
    assert extension.number in text_of(client.get(mine.get_absolute_url()))
    for case in (other, draft):
        assert client.get(case.get_absolute_url()).status_code == 404
    assert as_(second).get(mine.get_absolute_url()).status_code == 404


def test_they_may_do_nothing(cast: Cast, as_: Opened) -> None:
    for state in ("issued", "in_progress", "claimed", "closed"):
        case = watched(cast, state)
        assert options(case, cast.controller) == []
        assert not any(can(case, cast.controller).values())
    case = watched(cast, "issued")
    with pytest.raises(Refused):
        perform(case, "respond", by=cast.controller, response="accepted")
    client = as_("controller")
    assert client.get(f"/recommendations/{case.number}/act/respond/").status_code == 403
    assert client.get(f"/recommendations/{case.number}/plan/").status_code == 403
    assert client.post(f"/recommendations/{case.number}/comment/", {"text": "No"}).status_code == 403


def test_their_inbox_shows_what_is_due_on_what_they_watch_over(cast: Cast, as_: Opened) -> None:
    mine, other = watched(cast), make_recommendation(cast, "in_progress")
    response = as_("controller").get("/?show=waiting")
    page = text_of(response)
    assert (mine.get_absolute_url() in page, other.get_absolute_url() in page) == (True, False)
    assert response.context["counts"]["waiting"] == str(len(response.context["page"].rows))
    assert response.context["counts"]["mine"] == "0"


def test_when_the_role_ends_they_see_and_hear_nothing_more(cast: Cast, as_: Opened, second: User) -> None:
    case = watched(cast, "under_review")
    cast.controller.memberships.update(ends=YESTERDAY)
    assert as_("controller").get(case.get_absolute_url()).status_code == 404
    perform(case, "agree_plan", by=cast.coordinator)
    assert told(case, "agree_plan") == {cast.rector, cast.officer}, "and nobody else does in their place"


def test_they_hear_what_the_institution_hears(cast: Cast, second: User) -> None:
    case = watched(cast, "draft")
    perform(case, "issue", by=cast.coordinator)
    assert told(case, "issue") == {cast.rector, cast.officer, cast.controller}
    perform(case, "dispute", by=cast.rector, reason="No.", asked="Take it back.")
    assert cast.controller not in told(case, "dispute")
    perform(case, "uphold", by=cast.leader, reason="Yes.")
    assert cast.controller in told(case, "uphold")


def test_a_controller_without_an_account_is_named_in_the_letters(cast: Cast) -> None:
    User.objects.update(language="en")
    case = make_recommendation(cast, "draft", controller="Vice-rector Asanov")
    perform(case, "issue", by=cast.coordinator)
    send_due_messages()
    [letter] = [one for one in mail.outbox if one.to == [cast.rector.email]]
    assert "Controller: Vice-rector Asanov\n" in letter.body
    bare = make_recommendation(cast, "draft")
    perform(bare, "issue", by=cast.coordinator)
    send_due_messages()
    assert "Controller" not in mail.outbox[-1].body


def test_the_form_offers_the_controllers_of_the_institution_that_was_found(
    cast: Cast, as_: Opened, second: User
) -> None:
    foreign = person("Foreign", (cast.college, Role.INSTITUTION_CONTROLLER))
    client = as_("coordinator")
    found = text_of(client.post(NEW, {**LEAST, "find": "1"}))
    for who, is_offered in ((cast.controller, True), (second, True), (foreign, False), (cast.rector, False)):
        assert (f'<option value="{who.pk}">{who.full_name}</option>' in found) == is_offered, who
    assert client.post(NEW, {**LEAST, "watcher": foreign.pk}).status_code == 422
    assert client.post(NEW, {**LEAST, "watcher": cast.controller.pk}).status_code == 302
    case = Recommendation.objects.get()
    assert case.watcher == cast.controller
    opened = text_of(client.get(editing(case)))
    assert f'<option value="{cast.controller.pk}" selected>' in opened
    assert "Zarina (test)" in plain(text_of(client.get(case.get_absolute_url())))
    assert str(cast.controller.pk) in Event.objects.of("recommendation", case.pk).latest("pk").details.text


def test_only_a_controller_of_the_institution_today_is_taken(cast: Cast) -> None:
    source = make_source(cast.department)
    cast.controller.memberships.update(ends=YESTERDAY)
    for nobody in (cast.controller, cast.rector):
        draft = Draft(cast.university, cast.department, source, watcher=nobody, texts={"ky": "Бир"})
        with pytest.raises(Refused, match="is not a controller of this institution"):
            draft_recommendation(draft, by=cast.coordinator)
    case = watched(cast, "draft")
    with pytest.raises(Refused, match="is not a controller of this institution"):
        edit_draft(
            case,
            Draft(cast.university, cast.department, source, watcher=cast.controller),
            by=cast.coordinator,
            version=case.version,
        )


def test_a_successor_keeps_the_controller_who_still_has_the_role(cast: Cast) -> None:
    assert draft_successor(watched(cast, "closed"), by=cast.coordinator).watcher == cast.controller
    Membership.objects.filter(person=cast.controller).update(ends=YESTERDAY)
    assert draft_successor(watched(cast, "closed"), by=cast.coordinator).watcher is None
