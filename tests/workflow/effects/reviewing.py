"""What naming experts writes: who prepares a deliverable, and who gives their conclusion on it."""

from datetime import date

from cases.planning import verbs
from cases.planning.models import Deliverable, RouteSeat
from cases.registry.models import Membership, User
from tests.cast import Cast
from tests.kinds.engagements import make_engagement
from tests.workflow.effects import Row, Scene
from workflow.roles import Role


def reviewed(cast: Cast) -> Deliverable:
    """The lead prepares it, and nobody has written anything yet; two experts are let in."""
    engagement = make_engagement(cast, "preparation")
    deliverable = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    for place in (1, 2):
        RouteSeat.objects.create(row=deliverable.row, step=9, place=place, role=Role.CONTRACTOR_EXPERT, days=5)
    held = {"organisation": cast.contractor, "role": Role.CONTRACTOR_EXPERT, "starts": date(2020, 1, 1)}
    Membership.objects.create(person=cast.stranger, **held)
    verbs.give_access(engagement, User.objects.get(pk=cast.stranger.pk), by=cast.lead)
    return deliverable


def _name_reviewers(scene: Scene) -> None:
    named = scene.cast.expert, User.objects.get(pk=scene.cast.stranger.pk)
    verbs.name_reviewers(scene.case, named, by=scene.cast.coordinator, version=scene.version)


EXPERT_NAMED = Row(
    "name_expert",
    ["draft"],
    by="lead",
    changes={"expert": "expert"},
    told={"expert_named": ["expert"]},
    others=[("changed", "workflow_expectation", {"": "submit", "assignee": "expert"})],
    do=lambda scene: verbs.name_expert(scene.case, scene.cast.expert, by=scene.cast.lead),
)
REVIEWERS_NAMED = Row(
    "name_reviewers",
    ["draft:reviewed"],
    by="coordinator",
    changes={"first_reviewer": "expert", "second_reviewer": "stranger"},
    told={"reviewer_named": ["expert", "stranger"]},
    do=_name_reviewers,
)
