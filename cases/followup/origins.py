"""What the pages of a finding and of a monitoring show of the recommendations that came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode

from cases.analysis.models import Finding
from cases.followup.models import Recommendation
from cases.planning.models import Engagement
from cases.registry.models import User
from workflow.lifecycles.finding import State as FindingState
from workflow.lifecycles.recommendation import State
from workflow.roles import Role


@dataclass(frozen=True)
class StateCount:
    """How many recommendations are in a state, and where they are listed."""

    label: str
    url: str
    count: int


def of_finding(finding: Finding, reader: User) -> Mapping[str, object]:
    """Those that answer it as far as the reader sees them, and whether the reader may draft one."""
    seen = Recommendation.objects.visible_to(reader, by_key=True).filter(finding_links__finding=finding)
    is_confirmed = finding.state == FindingState.CONFIRMED
    return {
        "recommendations": list(seen.order_by("pk").for_lists()),
        "draft_url": _draft_url(finding.engagement, reader, {"finding": finding.number}) if is_confirmed else "",
    }


def answers_by_institution(finding: Finding, reader: User) -> Mapping[int, Sequence[str]]:
    """Key of an institution -> the numbers of its recommendations that answer the finding, as the reader sees them."""
    seen = Recommendation.objects.visible_to(reader, by_key=True).filter(finding_links__finding=finding)
    numbers: dict[int, list[str]] = {}
    for institution_id, number in seen.order_by("pk").values_list("institution_id", "number"):
        numbers.setdefault(institution_id, []).append(number)
    return numbers


def of_engagement(engagement: Engagement, reader: User) -> Mapping[str, object]:
    """Those of the monitoring by state, as far as the reader sees them. One query."""
    seen = Recommendation.objects.visible_to(reader, by_key=True).filter(engagement=engagement)
    counts = dict(seen.order_by().values_list("state").annotate(n=Count("pk")))
    return {
        "states": _counted(engagement, counts),
        "draft_url": _draft_url(engagement, reader, {"engagement": engagement.number}),
    }


def by_institution(engagement: Engagement, reader: User) -> Mapping[int, int]:
    """How many recommendations of the monitoring each institution has, as far as the reader sees them."""
    seen = Recommendation.objects.visible_to(reader, by_key=True).filter(engagement=engagement)
    return dict(seen.order_by().values_list("institution").annotate(n=Count("pk")))


def _counted(engagement: Engagement, counts: Mapping[str, int]) -> Sequence[StateCount]:
    """In the order of the states."""
    address = reverse("recommendations")
    return [
        StateCount(
            str(state.label), f"{address}?{urlencode({'engagement': engagement.number, 'state': state})}", counts[state]
        )
        for state in State
        if state in counts
    ]


def _draft_url(engagement: Engagement, reader: User, origin: Mapping[str, str]) -> str:
    """Where a recommendation is drafted; empty for those who do not draft, and once the monitoring is over."""
    drafts = engagement.department_id in reader.role_map.get(Role.COORDINATOR, {})
    if not drafts or engagement.state in Engagement.ended_states():
        return ""
    return f"{reverse('draft_new')}?{urlencode(origin)}"
