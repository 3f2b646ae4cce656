"""How findings go along with a monitoring and with the deliverable that lists them; all of it after the own event."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, cast

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from cases.desk.models import Document
from cases.planning import joining
from cases.planning.models import Deliverable, Engagement
from cases.registry.models import User
from workflow.act import Act
from workflow.door import Stale, consequence
from workflow.lifecycles.deliverable import Action as DeliverableAction
from workflow.lifecycles.deliverable import State as DeliverableState
from workflow.lifecycles.engagement import State as Stage
from workflow.lifecycles.finding import Action, FindingLifecycle, State
from workflow.many import follow_many
from workflow.models import Event
from workflow.must import listed
from workflow.roles import Role

if TYPE_CHECKING:
    from cases.analysis.models import Finding

LIST = "findings"
"""The kind of deliverable that lists the findings (REG-11.3d)."""
LISTED = (State.PROPOSED, State.CONFIRMED)
OPEN = (State.DRAFT, State.PROPOSED)

AFTER_WITHDRAWAL: "list[Callable[[Finding], None]]" = []
"""What follows from a finding that is withdrawn. Rooms above analysis add their own; an act is under way on it."""


def join() -> None:
    """Called once the app is ready."""
    joining.BEFORE_SUBMIT.append(what_the_list_lacks)
    joining.CONTENTS.append(listed_contents)
    joining.AS_KEPT.append(is_as_listed)
    joining.AFTER_APPROVAL.append(confirm_listed)
    joining.FOLLOWERS.append(let_follow)
    joining.OBSTACLES.append(open_findings)
    joining.AFTER_ACCESS.append(pass_on)
    joining.LEFT_BEHIND.append(drafts_left_behind)


def what_the_list_lacks(deliverable: Deliverable) -> Iterable[str]:
    """Nothing is submitted while findings are drafts, or while there is none."""
    if deliverable.row.kind != LIST:
        return
    drafts = list(_findings(deliverable.engagement).filter(state=State.DRAFT))
    if drafts:
        yield _("Findings that are still drafts: %(names)s.") % {"names": listed(drafts)}
    elif not _findings(deliverable.engagement).filter(state__in=LISTED).exists():
        yield _("No finding is proposed yet.")


def listed_contents(deliverable: Deliverable) -> Mapping[str, object]:
    """The findings that are approved with the deliverable, as plain values."""
    if deliverable.row.kind != LIST:
        return {}
    return {LIST: _contents(_findings(deliverable.engagement).filter(state__in=LISTED))}


def is_as_listed(deliverable: Deliverable, kept: Mapping[str, object]) -> bool:
    """Whether the findings that a version lists say what it says of them, and no others are confirmed.

    One that was withdrawn still says what it said when it was confirmed. Before the approval it may have been returned
    or given up, which voids the version for those who decide on it, and is no change behind their backs, whatever one
    that was returned says by now.
    """
    if deliverable.row.kind != LIST:
        return True
    listed_then = {row["number"]: row for row in cast("list[dict[str, object]]", kept.get(LIST, []))}
    confirmed = deliverable.state == DeliverableState.APPROVED
    findings = _findings(deliverable.engagement).filter(Q(number__in=listed_then) | Q(state=State.CONFIRMED))
    compared = findings if confirmed else findings.filter(state__in=LISTED).exclude(_returned_since(deliverable))
    if any(listed_then.get(row["number"]) != row for row in _contents(compared)):
        return False
    return not confirmed or findings.count() == len(listed_then) and not _taken_away(findings).exists()


def _returned_since(deliverable: Deliverable) -> Exists:
    """Whether a finding was returned after the deliverable was submitted."""
    submitted = Event.objects.of(deliverable.CASE_TYPE, deliverable.pk).filter(action=DeliverableAction.SUBMIT)
    returned = _done(Action.SEND_BACK)
    return Exists(returned.filter(pk__gt=submitted.order_by("-position").values("pk")[:1]))


def _taken_away(findings: "QuerySet[Finding]") -> "QuerySet[Finding]":
    """Those that are not confirmed any more, although nobody withdrew them."""
    withdrawn = _done(Action.WITHDRAW)
    return findings.exclude(state=State.CONFIRMED).exclude(Exists(withdrawn), state=State.WITHDRAWN)


def _done(action: Action) -> "QuerySet[Event]":
    """The events by which this was done with a finding of the query around it."""
    return Event.objects.filter(subject_type=FindingLifecycle.CASE_TYPE, subject_id=OuterRef("pk"), action=action)


def _contents(findings: "QuerySet[Finding]") -> list[dict[str, object]]:
    rows = list(findings.select_related("criterion__catalogue").prefetch_related("institutions"))
    documents: dict[int, list[Document]] = {}
    attached = Document.objects.filter(
        subject_type=FindingLifecycle.CASE_TYPE, subject_id__in=[row.pk for row in rows]
    ).newest()
    for document in attached:
        documents.setdefault(document.subject_id, []).append(document)
    return [row.contents(documents.get(row.pk, [])) for row in rows]


def confirm_listed(deliverable: Deliverable) -> None:
    """All proposed findings are confirmed, each by an event of its own, unless they are no longer those approved."""
    if deliverable.row.kind != LIST:
        return
    proposed = _findings(deliverable.engagement).filter(state=State.PROPOSED)
    ids = list(proposed.select_for_update(of=("self",)).values_list("pk", flat=True))
    if deliverable.contents_sha256() != deliverable.sha256:
        raise Stale(_("A finding changed at this moment. Look at what changed and decide again."))
    follow_many(_findings(deliverable.engagement).filter(pk__in=ids), "confirm", of=deliverable.acting)


def let_follow(engagement: Engagement) -> None:
    """Drafts expect something only while findings can be written; with a cancelled monitoring they are dropped."""
    act = engagement.acting
    if engagement.state == Stage.CANCELLED:
        follow_many(_findings(engagement).filter(state__in=OPEN), "drop", of=act, reason=act.inputs["reason"])
        return
    for finding in joining.resting_otherwise(_findings(engagement).filter(state=State.DRAFT)):
        with consequence(finding, "follow", of=act) as amendment:
            amendment.rested = joining.days_rested(engagement)


def pass_on(act: Act, engagement: Engagement, expert: User) -> None:
    """The drafts of an expert who is locked out are the lead's to propose or give up, until they are let in again."""
    for finding in _drafts_of(engagement, expert):
        with consequence(finding, "follow", of=act):
            pass


def drafts_left_behind(engagement: Engagement, expert: User) -> Iterable[str]:
    return [f"{finding.number} {finding.statement}" for finding in _drafts_of(engagement, expert)]


def _drafts_of(engagement: Engagement, expert: User) -> "QuerySet[Finding]":
    rows = _findings(engagement).filter(state=State.DRAFT, author=expert)
    return rows.filter(drafter_role=Role.CONTRACTOR_EXPERT)


def open_findings(engagement: Engagement) -> Iterable[str]:
    """An obstacle to closing: findings that nobody confirmed or gave up."""
    return _findings(engagement).filter(state__in=OPEN).values_list("number", flat=True)


def _findings(engagement: Engagement) -> "QuerySet[Finding]":
    return engagement.findings.select_related("engagement").order_by("pk")
