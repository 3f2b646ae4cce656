"""Findings of the demo: of each monitoring that has come to its list of findings, by the criteria of two catalogues."""

from collections.abc import Mapping

from cases.analysis.joining import LIST
from cases.analysis.verbs import FindingFacts, write_finding
from cases.planning.models import Deliverable
from cases.registry.models import Criterion, User
from workflow.door import perform

SEEN = (
    (
        ("REG-8", "4.1"),
        "deficiency",
        "high",
        "Программалардын үчтөн биринде окуунун натыйжалары өлчөнбөйт (demo)",
        "В трети программ результаты обучения не измеряются (demo)",
    ),
    (
        ("REG-8", "1.2"),
        "problem",
        "medium",
        "Программалар акыркы беш жылда жаңыртылган эмес (demo)",
        "Программы не обновлялись последние пять лет (demo)",
    ),
    (
        ("SAFETY", "1.4"),
        "risk",
        "high",
        "Өзгөчө кырдаалда эвакуациялоо машыгуусу өткөрүлгөн эмес (demo)",
        "Учения по эвакуации при чрезвычайной ситуации не проводились (demo)",
    ),
)
"""catalogue and code of the criterion, kind, severity, and what is said in Kyrgyz and Russian."""


def propose_findings(deliverable: Deliverable, people: Mapping[str, User]) -> None:
    """Of a deliverable that lists them, by the expert: what there is to say of the directions of its monitoring."""
    if deliverable.row.kind != LIST or deliverable.engagement.findings.exists():
        return
    engagement, expert = deliverable.engagement, people["contractor_expert"]
    institutions = list(engagement.institutions.order_by("pk")[:1])
    for (catalogue, code), kind, severity, text_ky, text_ru in SEEN:
        criterion = Criterion.objects.get(catalogue__code=catalogue, code=code)
        if criterion.direction not in engagement.directions:
            continue
        facts = FindingFacts(
            kind=kind,
            direction=criterion.direction,
            severity=severity,
            criterion=criterion,
            statement_ky=text_ky,
            statement_ru=text_ru,
            source="Билим берүү уюмдарынын отчеттору (demo)",
            institutions=institutions,
        )
        perform(write_finding(engagement, facts, by=expert), "propose", by=expert)
