"""Cases of the demo: the items of the real resolution and invented ones, carried into every state by real acts."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.analysis.demo import propose_findings
from cases.desk.talking import comment
from cases.followup.demo.people import People
from cases.followup.models import Recommendation
from cases.followup.resolution import Item, items_of_table
from cases.followup.verbs import (
    Draft,
    MeasureDraft,
    attach,
    request_extension,
    review_evidence,
    write_plan,
)
from cases.followup.verbs.importing import DocumentFacts, import_items
from cases.ground.tables import Row
from cases.planning.demo import load_engagements, load_plans
from cases.planning.models import Engagement
from cases.registry import two_people
from cases.registry.catalogues import load_catalogues
from cases.registry.models import Organisation, User
from workflow.door import perform
from workflow.lifecycles.account_change import Change
from workflow.terms import legal_date

FILE = Path(__file__).with_name("resolution-2025.csv")
RESOLUTION = DocumentFacts(
    kind="council_resolution",
    title="Окумуштуулар кеңешинин токтому, 2025: билим берүү сапаты бөлүмүнүн маалыматы жөнүндө",
    issuer="И. Раззаков атындагы КМТУнун Окумуштуулар кеңеши",
)
REPORT = DocumentFacts(
    kind="monitoring_report", number="1", title="Байкоо жыйынтыгы боюнча отчет (demo)", issuer="Департамент (demo)"
)
FINAL_REPORT = replace(REPORT, number="2", title="Жогорку окуу жайларынын мониторинги жөнүндө отчет (demo)")
CAUSE = "Билим берүү сапаты бөлүмүнүн маалыматы"
UNDATED = {"1": "Маалымат эске алынат, мөөнөтү жок", "7": "Токтом толук аткарылганга чейин көзөмөлдөнөт"}
UNADDRESSED = {"1": "Билим берүү сапаты бөлүмү", "5": "Бардык түзүмдүк бөлүмдөр"}
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@dataclass(frozen=True)
class Side:
    """Who acts for an institution in the demo."""

    head: User
    officer: User


@dataclass
class Story:
    """One recommendation and the people who carry it."""

    case: Recommendation
    made: People
    side: Side

    def act(self, action: str, who: User, **inputs: object) -> None:
        self.case = Recommendation.objects.get(pk=self.case.pk)
        perform(self.case, action, by=who, **inputs)

    def issue(self) -> None:
        self.act("issue", self.made["coordinator"])

    def answer(self) -> None:
        due = self.case.current_due
        plan = [
            MeasureDraft("Жумушчу топ түзүлөт жана график бекитилет (demo)", "Окуу бөлүмүнүн башчысы", due),
            MeasureDraft("Иш-чара өткөрүлүп, отчет даярдалат (demo)", "Кафедра башчылары", due),
        ]
        write_plan(self.case, plan, by=self.side.officer, version=self.case.version)
        self.act("respond", self.side.head, response="accepted")

    def agree(self) -> None:
        self.act("agree_plan", self.made["coordinator"])

    def claim(self) -> None:
        for number, measure in enumerate(self.case.measures_now(), start=1):
            file = SimpleUploadedFile(f"отчет-{number} (demo).pdf", PDF)
            attach(self.case, file, by=self.side.officer, measure=measure, note="Аткарылганы жөнүндө отчет (demo)")
        for interim in self.case.interims():
            file = SimpleUploadedFile("аралык-отчет (demo).pdf", PDF)
            attach(self.case, file, by=self.side.officer, interim=interim, note="Аралык отчет (demo)")
        self.act("claim", self.side.head)

    def confirm(self) -> None:
        for evidence in self.case.evidence.all():
            review_evidence(evidence, "accepted", by=self.made["coordinator"])
        self.act("confirm", self.made["coordinator"], degree="full")

    def close(self) -> None:
        self.act("close", self.made["department_head"], closing_reason="implemented")

    def dispute(self) -> None:
        reason, asked = "Тизме Департаментке мурда берилген (demo)", "Пунктту кайтарып алуу (demo)"
        self.act("dispute", self.side.head, reason=reason, asked=asked)

    def ask_for_time(self) -> None:
        due = self.case.current_due or legal_date()
        until = max(due, legal_date()) + timedelta(days=30)
        request_extension(self.case, until=until, reason="Маалымат толук келе элек (demo)", by=self.side.officer)

    def discuss(self) -> None:
        comment(self.case, "Суроолор болсо жазыңыз (demo)", by=self.made["coordinator"], is_internal=False)
        comment(self.case, "Өткөн жылы да кечиккен (demo)", by=self.made["department_head"], is_internal=True)


Steps = Sequence[Callable[[Story], None]]
IN_PROGRESS: Steps = (Story.issue, Story.answer, Story.agree)
CLAIMED: Steps = (*IN_PROGRESS, Story.claim)
PATHS: dict[str, Steps] = {
    "1": (),
    "2.1": (*CLAIMED, Story.confirm, Story.close),
    "2.2": (Story.issue, Story.discuss),
    "2.3": (*IN_PROGRESS, Story.ask_for_time),
    "2.4": (Story.issue, Story.answer),
    "3.1": CLAIMED,
    "4.1": (*CLAIMED, Story.confirm),
    "4.2": (Story.issue, Story.dispute),
    "5": (),
    "6": (*IN_PROGRESS, Story.discuss),
    "7": (Story.issue,),
}
"""item of the resolution -> what has happened to it."""

INVENTED: tuple[tuple[str, str, str, int, Steps], ...] = (
    ("C-001", "Устаканалардын жабдуулары жаңыртылсын (demo)", "high", 45, (Story.issue,)),
    ("C-001", "Өндүрүштүк практиканын келишимдери түзүлсүн (demo)", "medium", 5, IN_PROGRESS),
    ("C-001", "Мугалимдердин квалификациясы жогорулатылсын (demo)", "low", 90, (Story.issue, Story.answer)),
    ("L-001", "Китепкананын корун толуктоо планы бекитилсин (demo)", "medium", 20, IN_PROGRESS),
    ("L-001", "Медициналык кабинет жабдылсын (demo)", "high", 3, CLAIMED),
    ("L-001", "Бүтүрүүчүлөрдүн ишке орношуусу эсепке алынсын (demo)", "low", 60, ()),
)
"""(institution, text, risk, days until due, what has happened): due dates lie relative to today."""


ANSWERS = (
    "Окуунун натыйжаларын өлчөө тартиби бекитилсин жана бардык программаларга киргизилсин (demo)",
    "Программалар жумуш берүүчүлөрдүн катышуусу менен жаңыртылсын (demo)",
)
FROM_FINDINGS: tuple[Steps, ...] = ((Story.issue,), ())
"""What has happened to the recommendations that were drafted from the first findings."""


def load_cases(made: People) -> None:
    """All of the demo but its people: plan-schedules, monitorings, recommendations, each carried along its path."""
    load_catalogues()
    planned = load_plans(made.organisations, made.people)
    followed_up = load_engagements(made.organisations, made.people, planned, prepare=propose_findings)
    university = Side(made["institution_head"], made["institution_officer"])
    for case in _resolution(made, followed_up):
        _carry(Story(case, made, university), PATHS[case.item])
    heads = {"C-001": made["college_head"], "L-001": made["lyceum_head"]}
    for case, (code, *_rest, steps) in zip(_invented(made), INVENTED, strict=True):
        _carry(Story(case, made, Side(heads[code], heads[code])), steps)
    for case, steps in zip(_found(made, followed_up), FROM_FINDINGS, strict=True):
        _carry(Story(case, made, university), steps)
    _ask_for_another_address(made)


def _carry(story: Story, steps: Steps) -> None:
    for step in steps:
        step(story)


def _ask_for_another_address(made: People) -> None:
    """It waits for the second registrar."""
    reason = "Лицейдин почтасы жаңы домендик аталышка өттү (demo)"
    person, email = made["lyceum_head"], "lyceum@demo.example"
    two_people.ask(Change.ADDRESS, by=made["registrar"], person=person, email=email, reason=reason)


def _resolution(made: People, engagement: Engagement) -> list[Recommendation]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [Row(number, dict(cells)) for number, cells in enumerate(csv.DictReader(file), start=2)]
    university = made.organisations["KSTU"]
    drafts = [
        (replace(_draft(made, university, item), engagement=engagement), [university]) for item in items_of_table(rows)
    ]
    return import_items(RESOLUTION, drafts, by=made["coordinator"])


def _draft(made: People, institution: Organisation, item: Item) -> Draft:
    addressees = item.addressees or UNADDRESSED.get(item.item, "")
    return Draft(
        institution=institution,
        department=made.organisations["DEQ"],
        coordinator=made["coordinator"],
        item=item.item,
        texts={"ky": item.text_ky, "ru": item.text_ru, "en": item.text_en},
        cause=CAUSE,
        controller=item.controller,
        watcher=made["institution_controller"] if item.controller else None,
        contributors=[name.strip() for name in addressees.split(";") if name.strip()],
        interim=[(date.fromisoformat(item.interim), "")] if item.interim else [],
        due=date.fromisoformat(item.deadline) if item.deadline else None,
        no_due_reason=UNDATED.get(item.item, ""),
    )


def _invented(made: People) -> list[Recommendation]:
    drafts = []
    for number, (code, text, risk, days, _steps) in enumerate(INVENTED, start=1):
        institution = made.organisations[code]
        draft = Draft(
            institution=institution,
            department=made.organisations["DEQ"],
            coordinator=made["coordinator"],
            item=str(number),
            texts={"ky": text},
            cause="Байкоонун жыйынтыгы (demo)",
            classification="improvement" if risk == "low" else "condition",
            risk=risk,
            is_priority=risk == "high",
            due=legal_date() + timedelta(days=days),
        )
        drafts.append((draft, [institution]))
    return import_items(REPORT, drafts, by=made["coordinator"])


def _found(made: People, engagement: Engagement) -> list[Recommendation]:
    """From the first findings of a monitoring."""
    findings = engagement.findings.filter(state="confirmed").order_by("pk")[: len(FROM_FINDINGS)]
    university = made.organisations["KSTU"]
    drafts = [
        Draft(
            institution=university,
            department=made.organisations["DEQ"],
            coordinator=made["coordinator"],
            item=str(number),
            texts={"ky": text},
            cause=finding.statement_ky,
            due=legal_date() + timedelta(days=60),
            engagement=engagement,
            findings=[finding],
        )
        for number, (finding, text) in enumerate(zip(findings, ANSWERS, strict=True), start=1)
    ]
    return import_items(FINAL_REPORT, [(draft, [university]) for draft in drafts], by=made["coordinator"])
