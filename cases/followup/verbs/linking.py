"""What recommendations and findings have to do with one another: which may be linked, and what a withdrawal means."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cases.analysis import joining as of_findings
from cases.analysis.models import Finding
from cases.followup.models import Recommendation, RecommendationFinding
from cases.planning import joining as of_monitorings
from cases.planning.models import Engagement
from cases.registry.models import Organisation, OrganisationKind
from workflow.door import Refused, consequence
from workflow.lifecycles.finding import State
from workflow.lifecycles.recommendation import Action
from workflow.must import listed


def join() -> None:
    """Called once the app is ready."""
    of_monitorings.OBSTACLES.append(open_recommendations)
    of_findings.AFTER_WITHDRAWAL.append(note_withdrawal)


def findings_of(recommendation: Recommendation) -> Sequence[Finding]:
    """Those that it answers; none where it comes from no monitoring, or is not stored yet."""
    if recommendation.pk is None or recommendation.engagement_id is None:
        return []
    rows = Finding.objects.filter(recommendation_links__recommendation=recommendation)
    return list(rows.order_by("pk"))


def linkable(engagement: Engagement, linked: Iterable[int]) -> QuerySet[Finding]:
    """The confirmed findings of a monitoring, and those (ids) that are linked already."""
    rows = Finding.objects.filter(engagement=engagement)
    return rows.filter(Q(state=State.CONFIRMED) | Q(pk__in=list(linked))).order_by("pk")


def accountable_in(finding: Finding) -> list[Organisation]:
    """The institutions that it names, as far as recommendations can be addressed to them."""
    named = [row for row in finding.institutions.all() if row.is_active and row.kind == OrganisationKind.INSTITUTION]
    return sorted(named, key=lambda row: row.code)


def link(recommendation: Recommendation, findings: Iterable[Finding]) -> None:
    """It answers these findings and no others."""
    wanted = {finding.pk for finding in findings}
    links = RecommendationFinding.objects.filter(recommendation=recommendation)
    present = set(links.values_list("finding_id", flat=True))
    if present - wanted:
        links.exclude(finding__in=wanted).delete()
    RecommendationFinding.objects.bulk_create(
        RecommendationFinding(recommendation=recommendation, finding_id=pk) for pk in sorted(wanted - present)
    )


def check_engagement(engagement: Engagement | None, recommendation: Recommendation) -> None:
    """A monitoring of the department that is not over, unless it is that already. Raises Refused.

    Locked, so that it is not closed at this moment.
    """
    if engagement is None or engagement.pk == recommendation.engagement_id:
        return
    locked = Engagement.objects.select_for_update(of=("self",), no_key=True).get(pk=engagement.pk)
    if locked.department_id != recommendation.department_id:
        raise Refused(_("The monitoring %(number)s belongs to another department.") % {"number": locked.number})
    if locked.state in Engagement.ended_states():
        raise Refused(_("The monitoring %(number)s is over.") % {"number": locked.number})


def check_findings(findings: Iterable[Finding], engagement: Engagement | None, linked: Iterable[Finding]) -> None:
    """Confirmed findings of the monitoring; those that are linked already may stay. Raises Refused.

    Locked, so that they are not withdrawn at this moment.
    """
    known = {finding.pk for finding in linked}
    new = [finding.pk for finding in findings if finding.pk not in known]
    if not new:
        return
    locked = Finding.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=new).order_by("pk")
    own = engagement.pk if engagement else None
    wrong = [row for row in locked if row.state != State.CONFIRMED or row.engagement_id != own]
    if wrong:
        sentence = _("These are no confirmed findings of the monitoring: %(names)s.")
        raise Refused(sentence % {"names": listed(wrong)}, about="findings")


def open_recommendations(engagement: Engagement) -> Iterable[str]:
    """An obstacle to closing a monitoring: its recommendations that are not closed, drafts included."""
    rows = Recommendation.objects.open().filter(engagement=engagement)
    return rows.order_by("pk").values_list("number", flat=True)


def note_withdrawal(finding: Finding) -> None:
    """Every recommendation that rests on it says so, and its coordinator gets a message."""
    links = RecommendationFinding.objects.filter(finding=finding)
    for recommendation in Recommendation.objects.filter(pk__in=links.values("recommendation")).order_by("pk"):
        with consequence(recommendation, Action.FINDING_WITHDRAWN, of=finding.acting) as noted:
            noted.details["finding"] = finding.number
