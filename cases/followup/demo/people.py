"""Organisations and people of the demo: one login per role."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password

from cases.registry.models import Membership, Organisation, OrganisationKind, User
from cases.registry.verbs.founding import SYSTEM
from cases.registry.verbs.recording import Action, Step, write
from workflow.roles import Role

PASSWORD = "Baikoo-demo-2026"  # noqa: S105 - printed at start; the demo is refused on real installations
SINCE = date(2026, 1, 1)

ORGANISATIONS: dict[str, dict[str, str | list[str]]] = {
    "MNVOI": {
        "kind": OrganisationKind.MINISTRY,
        "name_ky": "Кыргыз Республикасынын Илим, жогорку билим берүү жана инновациялар министрлиги",
        "name_ru": "Министерство науки, высшего образования и инноваций Кыргызской Республики",
        "name_en": "Ministry of Science, Higher Education and Innovation of the Kyrgyz Republic",
        "short_name_ky": "Министрлик",
        "short_name_ru": "Министерство",
        "short_name_en": "Ministry",
    },
    "DEQ": {
        "kind": OrganisationKind.DEPARTMENT,
        "parent": "MNVOI",
        "name_ky": "Билим берүүнүн сапатын өнүктүрүү департаменти",
        "name_ru": "Департамент развития качества образования",
        "name_en": "Department for the Development of Education Quality",
        "short_name_ky": "Департамент",
        "short_name_ru": "Департамент",
        "short_name_en": "Department",
    },
    "KSTU": {
        "kind": OrganisationKind.INSTITUTION,
        "institution_type": "university",
        "region": "bishkek",
        "languages": ["ky", "ru"],
        "name_ky": "И. Раззаков атындагы Кыргыз мамлекеттик техникалык университети",
        "name_ru": "Кыргызский государственный технический университет им. И. Раззакова",
        "name_en": "I. Razzakov Kyrgyz State Technical University",
        "short_name_ky": "КМТУ",
        "short_name_ru": "КГТУ",
        "short_name_en": "KSTU",
    },
    "C-001": {
        "kind": OrganisationKind.INSTITUTION,
        "institution_type": "college",
        "region": "osh",
        "languages": ["ky"],
        "name_ky": "Ош курулуш колледжи (demo)",
        "name_ru": "Ошский строительный колледж (demo)",
        "name_en": "Osh Building College (demo)",
    },
    "L-001": {
        "kind": OrganisationKind.INSTITUTION,
        "institution_type": "vocational_lyceum",
        "region": "naryn",
        "languages": ["ky"],
        "name_ky": "Нарын кесиптик лицейи (demo)",
        "name_ru": "Нарынский профессиональный лицей (demo)",
        "name_en": "Naryn Vocational Lyceum (demo)",
    },
    "K-001": {
        "kind": OrganisationKind.CONTRACTOR,
        "name_ky": "Көз карандысыз баалоо борбору (demo)",
        "name_ru": "Центр независимой оценки (demo)",
        "name_en": "Centre for Independent Assessment (demo)",
    },
}

PEOPLE = (
    ("ministry_leader", "Айгүл Садыкова (demo)", "MNVOI", "ky"),
    ("ministry_observer", "Олег Петров (demo)", "MNVOI", "ru"),
    ("department_head", "Бакыт Осмонов (demo)", "DEQ", "ky"),
    ("coordinator", "Нурлан Асанов (demo)", "DEQ", "ky"),
    ("institution_head", "Чынара Исакова (demo)", "KSTU", "ky"),
    ("institution_officer", "Гүлнара Токтогулова (demo)", "KSTU", "ky"),
    ("institution_controller", "Замира Мамбетова (demo)", "KSTU", "ky"),
    ("contractor_lead", "Канат Бекенов (demo)", "K-001", "ru"),
    ("contractor_expert", "Елена Ким (demo)", "K-001", "ru"),
    ("registrar", "Роза Алиева (demo)", "DEQ", "ky"),
)
"""(role, name, organisation, language); the login is <role>@demo.example."""

OTHERS = (
    ("second_coordinator", "Асан Жумабаев (demo)", Role.COORDINATOR, "DEQ"),
    ("second_head", "Бермет Эшимова (demo)", Role.DEPARTMENT_HEAD, "DEQ"),
    ("second_expert", "Улан Сатаров (demo)", Role.CONTRACTOR_EXPERT, "K-001"),
    ("second_registrar", "Рано Исмаилова (demo)", Role.REGISTRAR, "DEQ"),
    ("college_head", "Дамир Ташматов (demo)", Role.INSTITUTION_HEAD, "C-001"),
    ("lyceum_head", "Салтанат Орозова (demo)", Role.INSTITUTION_HEAD, "L-001"),
)


@dataclass
class People:
    """Organisations by code, and people by the part of their address before the @."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return self.people[name]


def address(name: str) -> str:
    return f"{name}@demo.example"


def is_loaded() -> bool:
    return bool(User.objects.filter(email=address("coordinator")).exists())


def logins() -> str:
    """One line per role, and the password."""
    lines = [f"  {Role(role).label:<40} {address(role)}" for role, _name, _code, _language in PEOPLE]
    return "\n".join([*lines, f"  Password of all: {PASSWORD}"])


def make_people() -> People:
    made, hashed = People(), make_password(PASSWORD)
    for code, fields in ORGANISATIONS.items():
        parent = made.organisations.get(str(fields.get("parent", "")))
        rest = {name: value for name, value in fields.items() if name != "parent"}
        organisation = Organisation(code=code, parent=parent, **rest)
        write([Step(organisation, Action.ADD_ORGANISATION)], SYSTEM)
        made.organisations[code] = organisation
    for role, name, code, language in PEOPLE:
        _person(made, role, name, Role(role), code, hashed, language)
    for login, name, other_role, code in OTHERS:
        _person(made, login, name, other_role, code, hashed, "ky")
    return made


def _person(  # noqa: PLR0913 - one row of the tables above
    made: People, login: str, name: str, role: Role, code: str, hashed: str, language: str
) -> None:
    person = User(email=address(login), full_name=name, password=hashed, language=language)
    write([Step(person, Action.ADD_PERSON)], SYSTEM)
    membership = Membership(person=person, organisation=made.organisations[code], role=role, starts=SINCE)
    write([Step(membership, Action.GIVE_MEMBERSHIP)], SYSTEM)
    made.people[login] = person
