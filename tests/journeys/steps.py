"""The steps of the main journey by clicks: each person comes from their own inbox, where the case waits for them."""

from pathlib import Path

from cases.followup.demo.people import PASSWORD, People
from cases.followup.models import Recommendation
from cases.registry.models import User
from tests.journeys.walking import Town, Walker
from workflow.terms import legal_date


def signed_in_by_password(town: Town, person: User) -> Walker:
    walker = town.windows[person.pk] = town.stranger()
    walker.go("/")
    assert walker.path() == "/login/?next=/"
    assert walker.page.locator("html").get_attribute("lang") == "ky"
    walker.fill(username=person.email, password=PASSWORD)
    assert walker.send() == 200
    assert walker.path() == "/"
    return walker


def address(case: Recommendation, *parts: str) -> str:
    return "/".join([f"/recommendations/{case.number}", *parts, ""])


def state_of(case: Recommendation) -> str:
    return str(Recommendation.objects.get(pk=case.pk).state)


def come(person: Walker, case: Recommendation) -> None:
    person.go("/")
    assert person.follow(address(case)) == 200


def issue_all(coordinator: Walker, number: int) -> None:
    boxes = coordinator.main.locator("input[type=checkbox][name=draft]")
    assert boxes.count() == number
    for box in boxes.all():
        box.check()
    assert coordinator.send('form[action="/recommendations/issue/"]') == 200
    assert boxes.count() == 0
    assert set(Recommendation.objects.values_list("state", flat=True)) == {"issued"}


def dispute_and_uphold(town: Town, made: People, case: Recommendation) -> None:
    rector, leader = town.of(made["institution_head"]), town.of(made["ministry_leader"])
    come(rector, case)
    rector.act(address(case, "act", "dispute"), reason="Тизме мурда берилген", asked="Пунктту кайтарып алуу")
    assert state_of(case) == "disputed"
    come(leader, case)
    leader.act(address(case, "act", "uphold"), reason="Тизме толук эмес")
    assert state_of(case) == "issued"


def carry_to_the_end(town: Town, made: People, case: Recommendation, report: Path) -> None:
    """From issued to closed."""
    _answer(town, made, case)
    _prove(town, made, case, report)
    _verify_and_close(town, made, case)
    assert state_of(case) == "closed"


def _answer(town: Town, made: People, case: Recommendation) -> None:
    officer, rector = town.of(made["institution_officer"]), town.of(made["institution_head"])
    due = case.current_due or legal_date()
    come(officer, case)
    officer.act(
        address(case, "plan"),
        text_1="Жумушчу топ түзүлөт", responsible_1="Окуу бөлүмү", due_1=due,
        text_2="Отчет даярдалат", responsible_2="Кафедра башчылары", due_2=due,
    )  # fmt: skip
    come(rector, case)
    rector.act(address(case, "act", "respond"), response="accepted", text="Кабыл алабыз")
    assert state_of(case) == "under_review"


def _prove(town: Town, made: People, case: Recommendation, report: Path) -> None:
    officer, rector = town.of(made["institution_officer"]), town.of(made["institution_head"])
    coordinator = town.of(made["coordinator"])
    come(coordinator, case)
    coordinator.act(address(case, "act", "agree_plan"))
    come(officer, case)
    for measure in Recommendation.objects.get(pk=case.pk).measures_now():
        officer.act(f"{address(case, 'evidence')}?measure={measure.pk}", own_date=legal_date(), file=report)
    come(rector, case)
    rector.act(address(case, "act", "claim"), text="Толук аткарылды")
    assert state_of(case) == "claimed"


def _verify_and_close(town: Town, made: People, case: Recommendation) -> None:
    coordinator, head = town.of(made["coordinator"]), town.of(made["department_head"])
    come(coordinator, case)
    for evidence in case.evidence.order_by("id"):
        coordinator.act(address(case, "evidence", str(evidence.pk), "review"), decision="accepted")
    coordinator.act(address(case, "act", "confirm"), degree="full")
    come(head, case)
    head.act(address(case, "act", "close"), closing_reason="implemented")
