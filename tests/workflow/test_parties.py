"""Where a role counts on a case: the same for one person, for rows, and for all who hold the role."""

from dataclasses import FrozenInstanceError

import pytest

from cases.analysis.models import Finding
from cases.followup.models import Recommendation
from cases.registry.models import Organisation, User
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.kinds.engagements import make_engagement
from tests.kinds.findings import make_reported
from tests.kinds.toys import make_visit
from tests.kinds.written import make_finding
from tests.toys.models import Visit
from workflow.case import Case
from workflow.lifecycles.engagement import State
from workflow.parties import Column, Parties, Through, Watching, While, key_at
from workflow.roles import Role

HEAD, CONTROLLER = Role.INSTITUTION_HEAD, Role.INSTITUTION_CONTROLLER


def places(case: Case, role: Role, user: User | None = None) -> set[int]:
    """Asked afresh, as the next request would."""
    again = type(case)._base_manager.get(pk=case.pk)
    return set(again.RELATIONS[role].organisations(again, user))


def rows(model: type[Case], role: Role, place: Organisation, user: User) -> set[int]:
    condition = model.RELATIONS[role].rows(model, [place.pk], user)
    return set(model._base_manager.filter(condition).values_list("pk", flat=True))


def test_through_a_sample_each_case_counts_in_the_organisations_of_its_own(cast: Cast) -> None:
    one, both, none = (make_visit(cast) for _time in range(3))
    both.sampled.add(cast.college)
    none.sampled.clear()
    university, college = cast.university, cast.college
    assert [places(case, HEAD) for case in (one, both, none)] == [{university.pk}, {university.pk, college.pk}, set()]
    assert rows(Visit, HEAD, university, cast.rector) == {one.pk, both.pk}
    assert rows(Visit, HEAD, college, cast.director) == {both.pk}
    assert rows(Visit, HEAD, cast.contractor, cast.lead) == set()


def test_whom_the_case_names_watches_over_it_and_nobody_else_in_the_role(cast: Cast) -> None:
    watched, free = make_recommendation(cast, "issued", watcher=cast.controller), make_recommendation(cast, "issued")
    assert places(watched, CONTROLLER) == {cast.university.pk}
    assert places(watched, CONTROLLER, cast.controller) == {cast.university.pk}
    assert places(watched, CONTROLLER, cast.rector) == set()
    assert places(free, CONTROLLER) == places(free, CONTROLLER, cast.controller) == set()
    relation = Recommendation.RELATIONS[CONTROLLER]
    assert tuple(relation.organisations(Recommendation(watcher=cast.controller))) == (), "it is at no institution yet"
    assert rows(Recommendation, CONTROLLER, cast.university, cast.controller) == {watched.pk}
    assert rows(Recommendation, CONTROLLER, cast.university, cast.rector) == set()
    assert rows(Recommendation, CONTROLLER, cast.college, cast.controller) == set(), "held elsewhere it does not count"


def test_a_role_that_counts_for_a_while_counts_in_no_other_state(cast: Cast) -> None:
    early, reported = make_finding(cast, make_engagement(cast, State.ANALYSIS)), make_reported(cast)
    assert early.institution_id == reported.institution_id == cast.university.pk
    assert (places(early, HEAD), places(reported, HEAD)) == (set(), {cast.university.pk})
    assert rows(Finding, HEAD, cast.university, cast.rector) == {
        finding.pk for finding in Finding.objects.filter(engagement=reported.engagement, institution=cast.university)
    }
    assert rows(Finding, HEAD, cast.college, cast.director) == set()


def test_a_column_that_is_empty_is_no_organisation(cast: Cast) -> None:
    visit = make_visit(cast, contractor=None)
    assert places(visit, Role.CONTRACTOR_LEAD) == set()
    assert places(visit, Role.COORDINATOR) == {cast.department.pk}
    assert rows(Visit, Role.COORDINATOR, cast.department, cast.coordinator) == {visit.pk}
    assert rows(Visit, Role.COORDINATOR, cast.other_department, cast.coordinator) == set()


def test_a_path_that_leads_to_words_is_a_mistake_of_the_program(cast: Cast) -> None:
    visit = make_visit(cast, coordinator=cast.coordinator)
    assert key_at(visit, "coordinator_id") == cast.coordinator.pk
    assert key_at(Visit(), "expert__pk") is None, "it ends before"
    with pytest.raises(TypeError, match="title leads to no key"):
        key_at(visit, "title")


def test_the_first_who_carries_tasks_is_in_charge_and_there_may_be_nobody() -> None:
    assert Parties("lead_id").in_charge == ""
    assert Parties("lead_id", assignees={"coordinator": "a_id", "contractor_expert": "b_id"}).in_charge == "coordinator"


@pytest.mark.parametrize(
    "shared", [Column("a_id"), While("a_id", "state", ("b",)), Through("a"), Watching("a_id", "b_id"), Parties("a_id")]
)
def test_what_all_cases_of_a_kind_share_cannot_be_changed_by_one(shared: Column | Parties) -> None:
    name = next(iter(shared.__dataclass_fields__))
    with pytest.raises(FrozenInstanceError):
        setattr(shared, name, "other")
