"""An act that leaves a duty with nobody says so beforehand, tells the registrars once, and can be found in the list."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from cases.followup.models import Extension, Recommendation
from cases.registry.models import Membership, Organisation, OrganisationKind, User
from notifications.models import Message
from notifications.worker import send_due_messages
from tests.cast import Cast, organisation, person
from tests.factories import make_extension, make_recommendation
from tests.followup.pages import browser, text_of
from tests.kinds.toys import make_visit
from workflow.door import amend, perform
from workflow.many import perform_many
from workflow.roles import Role
from workflow.terms import legal_date

NOBODY = "Nobody at L-051 (test) can do what comes next"
YESTERDAY = legal_date() - timedelta(days=1)


@pytest.fixture
def lyceum(cast: Cast) -> Organisation:
    """An active institution in which nobody holds a role."""
    return organisation("L-051", OrganisationKind.INSTITUTION, institution_type="college", region="osh")


def warned() -> list[User]:
    rows = Message.objects.filter(template="nobody_can", channel="in_app").select_related("recipient").order_by("id")
    return [row.recipient for row in rows]


def leave(user: User) -> None:
    Membership.objects.filter(person=user).update(ends=YESTERDAY)


def page_of_act(cast: Cast, case: Recommendation, action: str, who: str = "coordinator") -> str:
    return text_of(browser(cast, who).get(f"/recommendations/{case.number}/act/{action}/"))


def test_the_page_of_the_act_says_so_beforehand(cast: Cast, lyceum: Organisation) -> None:
    assert NOBODY in page_of_act(cast, make_recommendation(cast, institution=lyceum), "issue")
    assert "can do what comes next" not in page_of_act(cast, make_recommendation(cast), "issue")


def test_one_who_may_only_prepare_the_answer_is_not_enough(cast: Cast, lyceum: Organisation) -> None:
    person("Officer", (lyceum, Role.INSTITUTION_OFFICER))
    case = make_recommendation(cast, institution=lyceum)
    assert NOBODY in page_of_act(cast, case, "issue")
    perform(case, "issue", by=cast.coordinator)
    assert warned() == [cast.registrar]


def test_the_registrars_of_the_ministry_are_told_once(cast: Cast, lyceum: Organisation) -> None:
    second = person("Rano", (cast.other_department, Role.REGISTRAR))
    person("Foreign", (organisation("DEP8", OrganisationKind.DEPARTMENT), Role.REGISTRAR))
    gone = person("Gone", (cast.department, Role.REGISTRAR))
    leave(gone)
    case = make_recommendation(cast, institution=lyceum)
    perform(case, "issue", by=cast.coordinator)
    assert warned() == [cast.registrar, second]
    with amend(case, "translate", by=cast.coordinator):
        pass
    assert warned() == [cast.registrar, second]


def test_nobody_is_told_where_somebody_can(cast: Cast) -> None:
    case = make_recommendation(cast)
    perform(case, "issue", by=cast.coordinator)
    perform(make_recommendation(cast, "claimed"), "confirm", by=cast.coordinator, degree="full")
    assert warned() == []


def test_a_plan_agreed_with_a_head_alone_leaves_nothing_undone(cast: Cast) -> None:
    """The evidence on its measures is the officer's; the head may add it as well."""
    perform(make_recommendation(cast, "under_review", institution=cast.college), "agree_plan", by=cast.coordinator)
    assert warned() == []
    leave(cast.director)
    case = make_recommendation(cast, "under_review", institution=cast.college)
    perform(case, "agree_plan", by=cast.coordinator)
    assert warned() == [cast.registrar]


def test_every_kind_of_duty_counts(cast: Cast) -> None:
    leave(cast.leader)
    perform(make_recommendation(cast, "issued"), "dispute", by=cast.rector, reason="No.", asked="Take it back.")
    assert warned() == [cast.registrar]


def test_somebody_who_stands_in_can_do_it_and_one_who_left_cannot(cast: Cast) -> None:
    """A duty that was given to one coordinator is not done by the others."""
    leave(cast.coordinator)
    perform(make_recommendation(cast, "issued"), "respond", by=cast.rector, response="accepted")
    assert warned() == [cast.registrar]
    Membership.objects.filter(person=cast.coordinator).update(ends=None)
    Membership.objects.create(
        person=cast.second_head, organisation=cast.department, role=Role.COORDINATOR, starts=YESTERDAY,
        ends=legal_date(), substitutes_for=cast.coordinator,
    )  # fmt: skip
    perform(make_recommendation(cast, "issued"), "respond", by=cast.rector, response="accepted")
    assert warned() == [cast.registrar]


def test_many_issued_at_once_are_told_one_by_one_and_the_page_names_the_institution(
    cast: Cast, lyceum: Organisation
) -> None:
    drafts = [make_recommendation(cast, institution=lyceum), make_recommendation(cast)]
    ticked = [f"{draft.draft_number}:{draft.version}" for draft in drafts]
    client = browser(cast, "coordinator")
    beforehand = text_of(client.get("/recommendations/"))
    assert "Nobody can answer yet at: L-051 (test). When you issue drafts to them" in beforehand
    page = text_of(client.post("/recommendations/issue/", {"draft": ticked}, follow=True))
    assert "2 recommendations are issued." in page
    assert "Nobody at L-051 (test) can answer" in page
    assert warned() == [cast.registrar]
    more = [make_recommendation(cast, institution=lyceum).pk for _time in range(3)]
    perform_many(Recommendation.objects.filter(pk__in=more), "issue", by=cast.coordinator)
    assert warned() == [cast.registrar] * 4


def test_the_letter_says_what_is_missing_and_leads_to_the_organisation(cast: Cast, lyceum: Organisation) -> None:
    case = make_recommendation(cast, institution=lyceum)
    perform(case, "issue", by=cast.coordinator)
    User.objects.filter(pk=cast.registrar.pk).update(language="en")
    send_due_messages()
    [letter] = [one for one in mail.outbox if one.to == [cast.registrar.email]]
    assert letter.subject == f"{case.number}: nobody can do what comes next"
    sentence = "Issue. Next comes “Answer” (Head of institution), but nobody at L-051 (test) can do it."
    assert f"{case.number}: {sentence}" in letter.body
    assert f"/registry/organisations/{lyceum.code}/" in letter.body
    client = browser(cast, "registrar")
    message = Message.objects.get(template="nobody_can", channel="in_app")
    opened = client.get(f"/messages/{message.pk}/", follow=True)
    assert (opened.status_code, opened.redirect_chain[-1][0]) == (200, lyceum.get_absolute_url())


def test_a_letter_that_is_late_still_says_what_it_was_about(cast: Cast, lyceum: Organisation) -> None:
    perform(make_recommendation(cast, institution=lyceum), "issue", by=cast.coordinator)
    person("Head", (lyceum, Role.INSTITUTION_HEAD))
    send_due_messages()
    [letter] = [one for one in mail.outbox if one.to == [cast.registrar.email]]
    assert "L-051 (test)" in letter.body


def found(client: Client, path: str) -> list[Any]:
    return [row.number for row in client.get(path).context["page"].rows]


def test_the_list_shows_the_cases_whose_task_nobody_can_do(cast: Cast, lyceum: Organisation) -> None:
    alone = make_recommendation(cast, "issued", institution=lyceum)
    make_recommendation(cast, "issued")
    make_recommendation(cast, "closed", institution=lyceum)
    client = browser(cast, "coordinator")
    assert found(client, "/recommendations/?unmanned=on") == [alone.number]
    person("Head", (lyceum, Role.INSTITUTION_HEAD))
    assert found(client, "/recommendations/?unmanned=on") == []


def test_what_nobody_can_decide_is_found_on_the_case_that_it_is_about(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress", risk="high")
    make_extension(cast, case, until=case.current_due + timedelta(days=400))  # type: ignore[operator]
    assert Extension.objects.get().level == Role.MINISTRY_LEADER
    leave(cast.leader)
    assert found(browser(cast, "coordinator"), "/recommendations/?unmanned=on") == [case.number]


def test_the_list_of_every_other_kind_can_be_filtered_as_well(cast: Cast) -> None:
    visit = make_visit(cast)
    client = browser(cast, "head")
    assert found_lines(client) == []
    leave(cast.coordinator)
    assert found_lines(client) == [visit.number]


def found_lines(client: Client) -> list[str]:
    return [line.case.number for line in client.get("/visits/?unmanned=on").context["lines"]]
