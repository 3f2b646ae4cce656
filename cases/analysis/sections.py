"""What pages show of findings: their own, that of their monitoring, and that of the deliverable that lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.analysis.joining import LIST, LISTED
from cases.analysis.models import STATEMENTS, Finding, FindingKind
from cases.planning.models import Deliverable, Engagement
from cases.registry.models import Direction, Organisation, User
from cases.registry.models.organisations import Language
from workflow.lifecycles.finding import STAGES, State
from workflow.roles import CONTRACTOR, INSTITUTION, Role
from workflow.texts import Text


@dataclass(frozen=True)
class DirectionCounts:
    """The findings of one direction: how many of each kind, and where they are listed."""

    label: str
    url: str
    counts: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


def contents(finding: Finding, reader: User) -> Mapping[str, object]:
    """The statement in every language in which there is one, and what it rests on."""
    languages = zip(STATEMENTS, Language.choices, strict=True)
    named, others = named_to(finding, reader)
    return {
        "statements": [(label, code, text) for name, (code, label) in languages if (text := getattr(finding, name))],
        "texts": [
            (label, text)
            for label, text in (
                (_("Not met"), finding.measured_by),
                (_("What it rests on"), finding.source),
                (_("Extent"), finding.extent),
                (_("Root cause"), finding.root_cause),
            )
            if text
        ],
        "institutions": named,
        "others": others,
    }


def facts(finding: Finding) -> Sequence[tuple[Text, object]]:
    return [
        (_("Monitoring"), f"{finding.engagement.number} {finding.engagement.title}"),
        (_("Direction"), f"{finding.direction}. {finding.get_direction_display()}"),
        (_("Kind"), finding.get_kind_display()),
        (_("Severity"), finding.get_severity_display()),
        (_("Written by"), f"{finding.author} ({Role(finding.drafter_role).label})"),
    ]


def named_to(finding: Finding, reader: User) -> tuple[list[Organisation], int]:
    """The institutions that it names, as far as the reader may know, and how many there are besides.

    An institution learns of itself alone; those who see findings from their beginning know all.
    """
    named = list(finding.institutions.all())
    mine = {pk for role in INSTITUTION for pk in reader.role_map.get(role, {})}
    if not mine or finding.is_inside(reader):
        return named, 0
    own = [row for row in named if row.pk in mine]
    return own, len(named) - len(own)


def institution_of(finding: Finding, reader: User) -> str:
    """In one cell of a list: the institutions that it names, or the system."""
    named, others = named_to(finding, reader)
    names = ", ".join(row.short_name or str(row) for row in named) or _("the system")
    if not others:
        return names
    return ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", others) % {"names": names, "n": others}


def shows_documents(finding: Finding, reader: User) -> bool:
    """Those of a finding on several institutions may be about the others, so that none of them gets them."""
    return not named_to(finding, reader)[1]


def list_links(reader: User) -> Sequence[tuple[str, str]]:
    """What leads on from the list of findings."""
    return [(_("Catalogues of criteria"), reverse("catalogues"))] if reader.role_map else []


def of_engagement(engagement: Engagement, reader: User) -> Mapping[str, object]:
    """Its findings as far as the reader sees them, counted by direction and kind. One query."""
    seen = Finding.objects.visible_to(reader, by_key=True).filter(engagement=engagement).exclude(state=State.WITHDRAWN)
    by_kind = seen.order_by("direction").values_list("direction", "kind").annotate(n=Count("pk"))
    counted: dict[int, dict[str, int]] = {}
    for direction, kind, number in by_kind:
        counted.setdefault(direction, {})[kind] = number
    is_writer = engagement.standing(reader, CONTRACTOR) is not None
    return {
        "kinds": [label for _value, label in FindingKind.choices],
        "rows": [_counted(engagement, direction, kinds) for direction, kinds in counted.items()],
        "list_url": _list_url(engagement=engagement.number),
        "may_add": is_writer and engagement.state in STAGES and engagement.suspended_on is None,
    }


def by_institution(engagement: Engagement, reader: User) -> Mapping[int, int]:
    """How many findings name each institution, as far as the reader sees them."""
    seen = Finding.objects.visible_to(reader, by_key=True).filter(engagement=engagement).exclude(state=State.WITHDRAWN)
    named = seen.exclude(institutions=None).order_by().values_list("institutions")
    return dict(named.annotate(n=Count("pk", distinct=True)))


def of_deliverable(deliverable: Deliverable, reader: User) -> Mapping[str, object]:
    """The findings that are decided on with the deliverable; nothing for one that lists none."""
    if deliverable.row.kind != LIST:
        return {}
    seen = Finding.objects.visible_to(reader, by_key=True).filter(engagement=deliverable.engagement_id)
    drafts = seen.filter(state=State.DRAFT)
    listed = seen.filter(state__in=LISTED).select_related("criterion__catalogue").prefetch_related("institutions")
    return {"findings": list(listed.order_by("pk")), "drafts": list(drafts.order_by("pk"))}


def _counted(engagement: Engagement, direction: int, kinds: Mapping[str, int]) -> DirectionCounts:
    label = f"{direction}. {Direction(direction).label}"
    counts = [kinds.get(kind, 0) for kind in FindingKind.values]
    return DirectionCounts(label, _list_url(engagement=engagement.number, direction=direction), counts)


def _list_url(**filters: str | int) -> str:
    return f"{reverse('finding_list')}?{urlencode(filters)}"
