"""Plan-schedules of the demo: one in force, and the next one with the head of department."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from cases.planning import verbs
from cases.planning.models import PlanItem, PlanSchedule
from cases.planning.verbs import ItemFacts, PlanFacts
from cases.registry.models import LegalAct, Organisation, ProgrammeArea, User
from cases.registry.verbs import add_act, add_area, change_organisation
from workflow.door import perform
from workflow.terms import legal_date

AREAS = {
    "ENG": ("Инженердик иш (demo)", "Инженерное дело (demo)", "Engineering (demo)"),
    "EDU": ("Мугалимдерди даярдоо (demo)", "Подготовка учителей (demo)", "Teacher training (demo)"),
    "MED": ("Медицина (demo)", "Медицина (demo)", "Medicine (demo)"),
}
MONITORED = {"KSTU": 2, "C-001": 4}
"""Institution -> how many years ago it was last monitored; the lyceum never was."""


@dataclass(frozen=True)
class Planned:
    """What the plan-schedule in force names and is carried out; one more of it waits to be begun."""

    pilot: PlanItem
    main: PlanItem
    universities: PlanItem
    safety: PlanItem


def load_plans(organisations: Mapping[str, Organisation], people: Mapping[str, User]) -> Planned:
    """Carried into their states by real acts."""
    registrar = people["registrar"]
    act = add_act(
        by=registrar,
        kind="order",
        number="15/1",
        date=f"{legal_date().year - 1}-12-20",
        title_ky="Тышкы мониторингдин план-графигин бекитүү жөнүндө (demo)",
        title_ru="Об утверждении плана-графика внешнего мониторинга (demo)",
    )
    areas = {
        code: add_area(by=registrar, code=code, name_ky=names[0], name_ru=names[1], name_en=names[2])
        for code, names in AREAS.items()
    }
    for code, years in MONITORED.items():
        day = date(legal_date().year - years, 4, 15)
        change_organisation(organisations[code], by=registrar, monitored_on=day)
    planned = _in_force(organisations, people, act, areas)
    _being_agreed(organisations, people, act, areas)
    return planned


def _in_force(
    organisations: Mapping[str, Organisation],
    people: Mapping[str, User],
    act: LegalAct,
    areas: Mapping[str, ProgrammeArea],
) -> Planned:
    year = legal_date().year
    plan = _drafted(organisations["DEQ"], people, (year - 1, year))
    facts = ItemFacts(
        "Инженердик программалардын пилоттук мониторинги (demo)",
        date(year - 1, 10, 1),
        date(year - 1, 12, 15),
        kind="pilot",
        levels=["college"],
        directions=[1, 4],
        areas=[areas["ENG"]],
        institutions=[organisations["C-001"]],
        legal_basis=act,
        source_of_finance="Республикалык бюджет (demo)",
    )
    planned = _items(plan, people, organisations, facts)
    _explain(plan, people)
    perform(plan, "submit", by=people["coordinator"])
    perform(plan, "agree", by=people["department_head"])
    perform(plan, "approve", by=people["ministry_leader"], approval_act_id=act.pk)
    perform(plan, "put_in_force", by=people["department_head"])
    return planned


def _items(
    plan: PlanSchedule, people: Mapping[str, User], organisations: Mapping[str, Organisation], first: ItemFacts
) -> Planned:
    year = plan.last_year
    pilot = _add(plan, people, first)
    main = replace(
        first,
        title="Инженердик программалардын негизги мониторинги (demo)",
        starts=date(year, 2, 1),
        ends=date(year, 11, 30),
        kind="main",
        levels=["college", "university"],
        directions=[1, 2, 4, 5, 6],
        institutions=[organisations["KSTU"], organisations["C-001"]],
        pilot=pilot,
    )
    universities, safety, staff = _others(organisations, main)
    planned = Planned(pilot, *(_add(plan, people, facts) for facts in (main, universities, safety)))
    _add(plan, people, staff)
    return planned


def _others(organisations: Mapping[str, Organisation], main: ItemFacts) -> tuple[ItemFacts, ItemFacts, ItemFacts]:
    """Main ones without a pilot."""
    year = main.starts.year
    universities = replace(
        main,
        title="Жогорку окуу жайларынын программаларынын мониторинги (demo)",
        starts=date(year - 1, 2, 1),
        ends=date(year, 6, 30),
        levels=["university"],
        directions=[1, 4, 10],
        institutions=[organisations["KSTU"]],
        pilot=None,
    )
    safety = replace(
        universities,
        title="Коопсуз билим берүү чөйрөсүнүн мониторинги (demo)",
        starts=date(year, 3, 1),
        ends=date(year, 12, 20),
        levels=["university", "college", "vocational_lyceum"],
        directions=[10],
        areas=(),
        institutions=[organisations[code] for code in ("KSTU", "C-001", "L-001")],
    )
    staff = replace(
        universities,
        title="Окутуучулардын курамынын мониторинги (demo)",
        starts=date(year, 9, 1),
        ends=date(year, 12, 20),
        directions=[2],
    )
    return universities, safety, staff


def _being_agreed(
    organisations: Mapping[str, Organisation],
    people: Mapping[str, User],
    act: LegalAct,
    areas: Mapping[str, ProgrammeArea],
) -> None:
    year = legal_date().year + 1
    plan = _drafted(organisations["DEQ"], people, (year, year))
    for code, first, last in (("EDU", 2, 6), ("MED", 9, 12)):
        facts = ItemFacts(
            f"{AREAS[code][0].removesuffix(' (demo)')}: негизги мониторинг (demo)",
            date(year, first, 1),
            date(year, last, 15),
            levels=["college", "university", "vocational_lyceum"],
            directions=[1, 2, 3, 4, 8, 10],
            areas=[areas[code]],
            institutions=[organisations["L-001"]] if code == "EDU" else [],
            legal_basis=act,
        )
        _add(plan, people, facts)
    _explain(plan, people)
    perform(plan, "submit", by=people["coordinator"])


def _drafted(department: Organisation, people: Mapping[str, User], years: tuple[int, int]) -> PlanSchedule:
    title = "Кесиптик билим берүүнүн сапатын тышкы мониторингдөө (demo)"
    return verbs.draft_plan(department, title, years, by=people["coordinator"])


def _add(plan: PlanSchedule, people: Mapping[str, User], facts: ItemFacts) -> PlanItem:
    item = verbs.add_item(plan, facts, by=people["coordinator"], version=plan.version)
    plan.refresh_from_db()
    return item


def _explain(plan: PlanSchedule, people: Mapping[str, User]) -> None:
    plan.refresh_from_db()
    facts = PlanFacts(plan.title, (plan.first_year, plan.last_year), "Калгандары кийинки жылдарга пландалат (demo)", ())
    verbs.edit_plan(plan, facts, by=people["coordinator"], version=plan.version)
    plan.refresh_from_db()
