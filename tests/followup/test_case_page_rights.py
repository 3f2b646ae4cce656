"""The page of a case: who finds it, with which buttons, and what is kept from whom."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from cases.desk.talking import comment
from cases.followup.models import Recommendation, RecommendationUserObjectPermission
from cases.followup.verbs import Draft, draft_recommendation, draft_successor, edit_draft
from cases.registry.models import Membership, User
from tests.cast import Cast, person
from tests.factories import make_recommendation, make_source
from tests.followup.pages import FOREIGN, READERS, Page, act_links, blocked_buttons, plain
from workflow.door import perform
from workflow.lifecycles.recommendation import State
from workflow.may import options
from workflow.roles import Role
from workflow.terms import legal_date

pytestmark = pytest.mark.slow

TODAY = legal_date()


@pytest.mark.parametrize("state", State.values)
def test_the_buttons_are_those_of_the_readers_roles_and_blocked_ones_say_why(
    page: Page, cast: Cast, state: str
) -> None:
    case = make_recommendation(cast, state)
    for who in READERS:
        if state == State.DRAFT and who in ("rector", "officer"):
            page(case, who, status=404)
            continue
        offered = options(Recommendation.objects.get(pk=case.pk), getattr(cast, who))
        html = page(case, who)
        assert act_links(html) == {option.action for option in offered if not option.blocked}
        assert blocked_buttons(html) == {option.label: option.reasons for option in offered if option.blocked}


def test_acts_that_end_a_case_stand_apart(page: Page, cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    usual, _mark, apart = page(case, "leader").partition("actions-apart")
    assert act_links(usual) == set()
    assert act_links(apart) == {"close_unimplemented", "withdraw"}


@pytest.mark.parametrize("who", FOREIGN)
def test_a_foreign_case_is_not_found(page: Page, cast: Cast, who: str) -> None:
    for state in ("draft", "issued", "closed"):
        page(make_recommendation(cast, state), who, status=404)


def test_an_unknown_number_is_not_found(page: Page, cast: Cast) -> None:
    page(Recommendation(number="R-1999-00001"), "coordinator", status=404)
    page(Recommendation(number="<b>"), "coordinator", status=404)


def test_a_drafts_number_leads_to_the_issued_recommendation(client: Client, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    client.force_login(cast.coordinator)
    response = client.get(f"/recommendations/{case.draft_number}/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/recommendations/{case.number}/")


def test_an_internal_comment_is_never_in_an_institutions_page(page: Page, cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    comment(case, "Between us: look closely", by=cast.coordinator, is_internal=True)
    comment(case, "Please send the order", by=cast.coordinator, is_internal=False)
    for who in ("leader", "observer", "head", "coordinator", "second_coordinator"):
        html = page(case, who)
        assert "Between us" in html
        assert 'class="comment comment-internal"' in html
        assert 'class="comment comment-seen"' in html
    for who in ("rector", "officer"):
        html = page(case, who)
        assert "Between us" not in html
        assert "nternal" not in plain(html)
        assert "Please send the order" in html


def test_a_role_in_another_department_opens_no_internal_comment(page: Page, cast: Cast) -> None:
    both = person("Both", (cast.other_department, Role.COORDINATOR), (cast.university, Role.INSTITUTION_OFFICER))
    case = make_recommendation(cast, "in_progress")
    comment(case, "Between us: look closely", by=cast.coordinator, is_internal=True)
    html = page(case, both)
    assert "Between us" not in html
    assert "Add evidence" in html


def test_what_was_done_to_the_draft_is_not_told_to_the_institution(page: Page, cast: Cast) -> None:
    draft = Draft(
        institution=cast.university, department=cast.department, texts={"ky": "Текст"}, cause="Unsaid before the issue",
        due=TODAY + timedelta(days=90), source=make_source(cast.department), coordinator=cast.coordinator,
    )  # fmt: skip
    case = draft_recommendation(draft, by=cast.coordinator)
    edited = Draft(**(vars(draft) | {"cause": "Criterion 1"}))
    edit_draft(case, edited, by=cast.coordinator, version=case.version)
    perform(case, "issue", by=cast.coordinator)
    assert "Unsaid before the issue" in page(case, "coordinator")
    for who in ("rector", "officer"):
        assert "Unsaid before the issue" not in page(case, who)


def test_a_successor_is_linked_for_those_who_may_see_it(page: Page, cast: Cast) -> None:
    case = make_recommendation(cast, "closed")
    assert f'href="/recommendations/{case.number}/succeed/"' in page(case, "coordinator")
    successor = draft_successor(case, by=cast.coordinator)
    assert f'href="/recommendations/{successor.number}/"' in page(case, "coordinator")
    assert f"Follows {case.number}" in plain(page(successor, "coordinator"))
    assert successor.number not in page(case, "rector")


def test_a_person_let_in_by_name_sees_the_case_without_what_is_internal(page: Page, cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    comment(case, "Between us: look closely", by=cast.coordinator, is_internal=True)
    assert Membership.objects.filter(person=cast.stranger).count() == 0
    let_in(case, cast.stranger)
    html = page(case, "stranger")
    assert "Between us" not in html
    assert act_links(html) == set()


def test_rows_found_by_key_and_rows_of_a_list_are_the_same_to_everybody(cast: Cast) -> None:
    for state in State.values:
        make_recommendation(cast, state)
        make_recommendation(cast, state, institution=cast.college, department=cast.other_department)
    let_in(Recommendation.objects.latest("id"), cast.stranger)
    seen = {}
    for name in ("leader", "observer", "head", "coordinator", "rector", "officer", "director", "registrar", "stranger"):
        rows = Recommendation.objects.visible_to(getattr(cast, name))
        seen[name] = set(rows)
        assert set(Recommendation.objects.visible_to(getattr(cast, name), by_key=True)) == seen[name]
    assert [len(seen[name]) for name in ("leader", "rector", "stranger", "registrar")] == [16, 7, 1, 0]


def let_in(case: Recommendation, user: User) -> None:
    kind = ContentType.objects.get_for_model(Recommendation)
    permission = Permission.objects.get(content_type=kind, codename="view_recommendation")
    RecommendationUserObjectPermission.objects.create(user=user, permission=permission, content_object=case)
