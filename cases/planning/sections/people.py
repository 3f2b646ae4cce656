"""Who takes part in a monitoring, and by which contract."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Collate

from cases.planning.models import Engagement, EngagementUserObjectPermission, TeamMember
from cases.planning.sections.lines import in_words
from cases.registry.models import Membership, User
from workflow.lifecycles.deliverable import State
from workflow.roles import Role


@dataclass(frozen=True)
class Member:
    """Somebody of the national team, and which deliverable says so."""

    name: str
    facts: Sequence[tuple[str, str]]
    is_approved: bool


def people(engagement: Engagement, reader: User) -> Mapping[str, object]:
    """The contractor's people and the national team. A constant number of queries."""
    contractors = _contractors(engagement)
    return {
        "leads": [person for person in contractors if vars(person)["leads"]],
        "experts": [person for person in contractors if vars(person)["is_let_in"]],
        "contract": engagement.contract,
        "members": list(_team(engagement)),
        "may_let_in": engagement.standing(reader, [Role.CONTRACTOR_LEAD]) is not None,
    }


def experts_of(engagement: Engagement) -> list[User]:
    """Those who were given access by name."""
    return [person for person in _contractors(engagement) if vars(person)["is_let_in"]]


def _contractors(engagement: Engagement) -> list[User]:
    """Who leads the contractor's work today, and who was given access by name. One query."""
    leads = Membership.objects.in_force().filter(
        person=OuterRef("pk"), organisation=engagement.contractor_id, role=Role.CONTRACTOR_LEAD
    )
    grants = EngagementUserObjectPermission.objects.filter(user=OuterRef("pk"), content_object=engagement)
    people = User.objects.annotate(leads=Exists(leads), is_let_in=Exists(grants))
    return list(people.filter(Q(leads=True) | Q(is_let_in=True)).order_by(Collate("full_name", "C")))


def _team(engagement: Engagement) -> Iterator[Member]:
    rows = TeamMember.objects.filter(deliverable__engagement=engagement).exclude(deliverable__state=State.LEFT_OUT)
    for line in rows.select_related("deliverable", "legal_act").order_by("deliverable", "place"):
        shown = [(line.label(name), in_words(line, name)) for name in line.SHOWN if name != line.NAMED_BY]
        yield Member(line.full_name, shown, line.deliverable.state == State.APPROVED)
