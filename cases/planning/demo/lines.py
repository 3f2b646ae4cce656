"""Lines of the monitoring to walk through: what it costs, when it goes where, and who takes part."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from cases.planning import verbs
from cases.planning.models import Deliverable
from cases.planning.verbs.lines import Facts
from cases.registry.models import LegalAct, Organisation, User
from workflow.lifecycles.engagement import State
from workflow.terms import legal_date

COSTS = (
    ("Уюмдарга чыгуу: жол кире жана күндүк чыгымдар (demo)", "күн", 24, "3500"),
    ("Администраторлорду окутуу (demo)", "адам", 12, "4200"),
    ("Эксперттердин эмгек акысы (demo)", "ай", 5, "68000"),
    ("Инструменттерди даярдоо жана басып чыгаруу (demo)", "нуска", 600, "85"),
    ("Маалыматтарды киргизүү жана иштеп чыгуу (demo)", "анкета", 600, "120"),
    ("Отчетту басып чыгаруу (demo)", "нуска", 100, "450"),
)
"""name, unit, quantity, price in som."""
TOO_DEAR = {"Эксперттердин эмгек акысы (demo)": "95000"}
"""What was returned: the price in the first version."""
ENTRIES = (
    ("training", "Администраторлорду окутуу (demo)", -20, 2, "", "Елена Ким (demo)"),
    ("pilot", "Инструменттерди сынап көрүү (demo)", -15, 3, "", "Елена Ким (demo)"),
    ("visit", "КМТУ: таанышуу жана жайларды кароо (demo)", 0, 2, "KSTU", "Канат Бекенов (demo)"),
    ("testing", "КМТУ: студенттерди тестирлөө (demo)", 3, 2, "KSTU", "Елена Ким (demo)"),
    ("interview", "КМТУ: жетекчилер менен маектешүү (demo)", 6, 1, "KSTU", "Канат Бекенов (demo)"),
    ("focus_group", "КМТУ: студенттердин фокус-тобу (demo)", 8, 1, "KSTU", "Елена Ким (demo)"),
    ("visit", "Ош колледжи: жайларды кароо (demo)", 14, 2, "C-001", "Канат Бекенов (demo)"),
    ("testing", "Ош колледжи: студенттерди тестирлөө (demo)", 17, 2, "C-001", "Елена Ким (demo)"),
    ("observation", "Ош колледжи: машыгууга байкоо салуу (demo)", 20, 1, "C-001", "Канат Бекенов (demo)"),
    ("visit", "Нарын лицейи: жайларды кароо (demo)", 28, 2, "L-001", "Канат Бекенов (demo)"),
    ("testing", "Нарын лицейи: окуучуларды тестирлөө (demo)", 31, 2, "L-001", "Елена Ким (demo)"),
    ("focus_group", "Нарын лицейи: ата-энелердин фокус-тобу (demo)", 34, 1, "L-001", "Елена Ким (demo)"),
    ("data_entry", "Маалыматтарды киргизүү (demo)", 42, 14, "", "Борбордун маалымат бөлүмү (demo)"),
    ("other", "Чогултуунун жыйынтыгын талкуулоо (demo)", 62, 1, "", "Канат Бекенов (demo)"),
)
"""kind, title, the day counted from the beginning of the collection, how many days, institution, responsible."""
MEMBERS = (
    ("Нурлан Асанов (demo)", "Департамент (demo)", "coordination", None),
    ("Роза Алиева (demo)", "Департамент (demo)", "administration", None),
    ("Елена Ким (demo)", "Көз карандысыз баалоо борбору (demo)", "expertise", 10),
    ("Жаныл Сатыбалдиева (demo)", "Саламаттык сактоо министрлиги (demo)", "expertise", 10),
    ("Тилек Мамытов (demo)", "Көз карандысыз баалоо борбору (demo)", "collection", None),
)
"""full name, organisation, duty, direction."""


def estimate(deliverable: Deliverable, *, by: User, is_corrected: bool) -> None:
    """The costs, in the first version with a price that is too high."""
    dear = {} if is_corrected else TOO_DEAR
    rows: Sequence[Facts] = [
        {
            "name": name,
            "unit": unit,
            "quantity": Decimal(quantity),
            "price": Decimal(dear.get(name, price)),
            "source_of_finance": "Республикалык бюджет (demo)",
            "year": legal_date().year,
        }
        for name, unit, quantity, price in COSTS
    ]
    verbs.take_table(deliverable, rows, by=by, version=deliverable.version, replaces=True)


def calendar(deliverable: Deliverable, organisations: Mapping[str, Organisation], *, by: User) -> None:
    """When the contractor goes where."""
    first = deliverable.engagement.stages.get(stage=State.COLLECTION).planned_start
    rows: Sequence[Facts] = [
        {
            "kind": kind,
            "title": title,
            "starts": first + timedelta(days=day),
            "ends": first + timedelta(days=day + days - 1),
            "institution": organisations[code] if code else None,
            "responsible": responsible,
        }
        for kind, title, day, days, code, responsible in ENTRIES
    ]
    verbs.take_table(deliverable, rows, by=by, version=deliverable.version)


def national_team(deliverable: Deliverable, act: LegalAct, *, by: User) -> None:
    """Who takes part, appointed by the order."""
    rows: Sequence[Facts] = [
        {"full_name": name, "organisation": organisation, "duty": duty, "direction": direction, "legal_act": act}
        for name, organisation, duty, direction in MEMBERS
    ]
    verbs.take_table(deliverable, rows, by=by, version=deliverable.version)
