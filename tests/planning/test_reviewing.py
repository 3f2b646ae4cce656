"""Two experts, named by the coordinator, give their conclusion at once; both have to agree (REG-11.1c)."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db.models import F

from cases.desk.inbox import owed_by
from cases.planning import verbs
from cases.planning.models import Deliverable, Engagement, RouteSeat
from cases.registry.models import Membership, User
from cases.registry.verbs import arrange_substitution
from notifications.models import Channel, Message
from tests.cast import Cast, person
from tests.conftest import Opened
from tests.kinds.engagements import SMALL, answer_until, expert_named, make_engagement
from tests.kinds.planning import REASON
from tests.planning.pages import page
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State as Stage
from workflow.may import can, options
from workflow.models import Event, Expectation
from workflow.roles import Role
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db
ROW = (
    "preparation,instruments,Инструменттер (test),Инструментарий (test),Instruments (test),contractor_lead,"
    "contractor_expert + contractor_expert > coordinator,department_head,yes,,yes,30,REG-11.1c\n"
)
LACKING = "The coordinator has to name two experts first who give their conclusion."


@pytest.fixture
def engagement(cast: Cast, tmp_path: Path) -> Engagement:
    """In its preparation, which asks for instruments; three experts are let in."""
    path = tmp_path / "stages.csv"
    path.write_text(SMALL.read_text(encoding="utf-8") + ROW, encoding="utf-8")
    engagement = make_engagement(cast, Stage.PREPARATION, stages=path)
    for name in ("Nurgul", "Ulan"):
        expert_named(cast, name, engagement)
    return engagement


@pytest.fixture
def instruments(cast: Cast, engagement: Engagement) -> Deliverable:
    """As the lead has written them."""
    deliverable = engagement.deliverables.get(row__kind="instruments")
    verbs.write_texts(deliverable, {"text_ky": "Тесттер (test)"}, by=cast.lead, version=deliverable.version)
    return deliverable


def expert(name: str) -> User:
    return User.objects.get(full_name=f"{name} (test)")


def name_two(cast: Cast, deliverable: Deliverable, first: str = "Nurgul", second: str = "Ulan") -> None:
    named = expert(first), expert(second)
    verbs.name_reviewers(deliverable, named, by=cast.coordinator, version=deliverable.version)


def submitted(cast: Cast, deliverable: Deliverable) -> Deliverable:
    name_two(cast, deliverable)
    perform(deliverable, "submit", by=cast.lead)
    return deliverable


def refused(cast: Cast, deliverable: Deliverable, first: str, second: str) -> tuple[str, str]:
    """The sentence, and the place of the form at which it stands."""
    with pytest.raises(Refused) as refusal:
        name_two(cast, deliverable, first, second)
    return refusal.value.sentence, refusal.value.about


def asked(deliverable: Deliverable) -> list[str]:
    rows = Expectation.objects.open().of("deliverable", deliverable.pk).order_by("id")
    return [str(row.assignee or row.role) for row in rows]


def test_both_are_asked_at_once_and_both_have_to_agree(cast: Cast, instruments: Deliverable) -> None:
    Message.objects.all().delete()
    submitted(cast, instruments)
    assert asked(instruments) == ["Nurgul (test)", "Ulan (test)"]
    told = Message.objects.filter(event__action="submit", channel=Channel.EMAIL).order_by("recipient")
    assert [str(message.recipient) for message in told] == ["Nurgul (test)", "Ulan (test)"]
    perform(instruments, "agree", by=expert("Ulan"), remarks="Mind the scales (test).")
    assert (instruments.state, asked(instruments)) == ("submitted", ["Nurgul (test)"])
    with pytest.raises(Refused, match="You are not asked now"):
        perform(instruments, "agree", by=cast.coordinator)
    perform(instruments, "agree", by=expert("Nurgul"))
    assert asked(instruments) == ["Aigul (test)"]
    answer_until(cast, instruments, "approved")


def test_one_of_them_returns_it_and_the_other_is_asked_no_more(cast: Cast, instruments: Deliverable) -> None:
    submitted(cast, instruments)
    perform(instruments, "send_back", by=expert("Ulan"), **REASON)
    assert (instruments.state, asked(instruments)) == ("draft", ["contractor_lead"])
    perform(instruments, "submit", by=cast.lead)
    assert asked(instruments) == ["Nurgul (test)", "Ulan (test)"], "the same are asked about the next version"


def test_nobody_answers_in_place_of_them(cast: Cast, instruments: Deliverable) -> None:
    submitted(cast, instruments)
    with pytest.raises(Refused, match="You are not asked now"):
        perform(instruments, "agree", by=cast.expert)
    seat_verbs = ("take", "give_back", "hand_over")
    for who in (expert("Nurgul"), cast.expert, cast.head, cast.lead, cast.coordinator):
        assert not any(can(instruments, who)[verb] for verb in seat_verbs), who
    offered = {option.action for option in options(instruments, expert("Nurgul"))}
    assert offered == {"agree", "send_back"}
    Membership.objects.filter(person=expert("Nurgul")).update(ends=date(2020, 1, 2))
    assert not can(Deliverable.objects.get(pk=instruments.pk), cast.head)["hand_over"]


def test_nobody_who_stands_in_for_one_of_them_concludes_for_both(cast: Cast, instruments: Deliverable) -> None:
    submitted(cast, instruments)
    role = Membership.objects.get(person=expert("Nurgul"))
    today = legal_date()
    arrange_substitution(role, expert("Ulan"), starts=today, ends=today + timedelta(days=5), by=cast.registrar)
    assert [str(row.assignee) for branch in owed_by(expert("Ulan")) for row in branch] == ["Ulan (test)"]
    perform(instruments, "agree", by=expert("Ulan"))
    with pytest.raises(Refused, match="You are not asked now"):
        perform(instruments, "agree", by=expert("Ulan"))
    assert asked(instruments) == ["Nurgul (test)"]
    assert not [row for branch in owed_by(expert("Ulan")) for row in branch], "what they cannot do is no task of theirs"


def test_nothing_is_submitted_before_two_fit_experts_are_named(cast: Cast, instruments: Deliverable) -> None:
    with pytest.raises(Refused, match=LACKING):
        perform(instruments, "submit", by=cast.lead)
    name_two(cast, instruments)
    Membership.objects.filter(person=expert("Ulan")).update(ends=date(2020, 1, 2))
    with pytest.raises(Refused, match="Ulan \\(test\\) is no expert of the contractor now"):
        perform(instruments, "submit", by=cast.lead)


def test_two_different_people_are_named_and_neither_prepares_it(
    cast: Cast, engagement: Engagement, instruments: Deliverable
) -> None:
    Membership.objects.create(
        person=cast.lead, organisation=cast.contractor, role=Role.CONTRACTOR_EXPERT, starts=date(2020, 1, 1)
    )
    person("Away", (cast.contractor, Role.CONTRACTOR_EXPERT))
    writer = expert_named(cast, "Writer", engagement)
    Membership.objects.create(
        person=writer, organisation=cast.contractor, role=Role.CONTRACTOR_LEAD, starts=date(2020, 1, 1)
    )
    verbs.write_texts(instruments, {"text_ky": "Башка (test)"}, by=expert("Writer"), version=instruments.version)
    assert refused(cast, instruments, "Nurgul", "Nurgul") == ("Name two different experts.", "second")
    assert refused(cast, instruments, "Away", "Ulan") == ("Give Away (test) access to the monitoring first.", "first")
    assert refused(cast, instruments, "Bakyt", "Ulan") == ("Bakyt (test) is no expert of the contractor now.", "first")
    verbs.give_access(engagement, expert("Kanat"), by=cast.lead)
    prepares = "{} (test) prepares it, so another expert has to conclude on it."
    assert refused(cast, instruments, "Nurgul", "Kanat") == (prepares.format("Kanat"), "second")
    Membership.objects.filter(person=writer, role=Role.CONTRACTOR_LEAD).update(ends=date(2020, 1, 2))
    assert refused(cast, instruments, "Writer", "Ulan") == (prepares.format("Writer"), "first")
    assert Deliverable.objects.get(pk=instruments.pk).reviewers == []


def test_the_coordinator_in_charge_names_them_where_the_list_asks_for_conclusions(
    cast: Cast, engagement: Engagement, instruments: Deliverable
) -> None:
    named = expert("Nurgul"), expert("Ulan")
    for who in (cast.lead, cast.head, cast.second_coordinator, cast.expert):
        with pytest.raises(Refused):
            verbs.name_reviewers(instruments, named, by=who, version=instruments.version)
    calendar = engagement.deliverables.get(row__kind="calendar_plan")
    with pytest.raises(Refused, match="agreed without a conclusion of experts"):
        verbs.name_reviewers(calendar, named, by=cast.coordinator, version=calendar.version)


def test_they_are_named_on_a_page_and_hear_of_it(cast: Cast, at: Opened, instruments: Deliverable) -> None:
    address = f"{instruments.get_absolute_url()}reviewers/"
    assert address in page(at(cast.coordinator), instruments.get_absolute_url())
    assert address not in page(at(cast.lead), instruments.get_absolute_url())
    assert at(cast.lead).get(address).status_code == 403
    assert "Nurgul (test)" in page(at(cast.coordinator), address)
    typed = {"first": expert("Nurgul").pk, "second": expert("Nurgul").pk, "version": instruments.version}
    answer = at(cast.coordinator).post(address, typed)
    assert (answer.status_code, "Name two different experts." in answer.content.decode()) == (422, True)
    answer = at(cast.coordinator).post(address, {**typed, "second": expert("Ulan").pk}, follow=True)
    assert "Nurgul (test) and Ulan (test) give their conclusion." in answer.content.decode()
    assert "Nurgul (test), Ulan (test)" in page(at(cast.lead), instruments.get_absolute_url())
    told = Message.objects.filter(template="reviewer_named", channel=Channel.IN_APP).order_by("recipient")
    assert [str(message.recipient) for message in told] == ["Nurgul (test)", "Ulan (test)"]
    event = Event.objects.of("deliverable", instruments.pk).latest("position")
    assert (event.action, event.actor) == ("name_reviewers", cast.coordinator)


def test_of_a_change_hear_those_whom_it_concerns(cast: Cast, instruments: Deliverable) -> None:
    name_two(cast, instruments)
    Message.objects.all().delete()
    name_two(cast, instruments, "Kunduz", "Nurgul")
    told = Message.objects.filter(channel=Channel.IN_APP).values_list("template", "recipient__full_name")
    assert sorted(told) == [("reviewer_named", "Kunduz (test)"), ("reviewer_released", "Ulan (test)")]


def test_an_expert_who_is_locked_out_concludes_on_nothing_and_another_is_named(
    cast: Cast, at: Opened, engagement: Engagement, instruments: Deliverable
) -> None:
    submitted(cast, instruments)
    ulan = expert("Ulan")
    address = f"/engagements/{engagement.number}/experts/{ulan.pk}/remove/"
    assert f"{instruments.number} Instruments (test)" in page(at(cast.lead), address)
    verbs.withdraw_access(engagement, ulan, by=cast.lead)
    instruments.refresh_from_db()
    assert (instruments.state, instruments.reviewers) == ("draft", [expert("Nurgul")])
    events = Event.objects.of("deliverable", instruments.pk).select_related("details").order_by("-position")
    unnamed, recall = events[:2]
    assert [recall.action, unnamed.action] == ["recall", "name_reviewers"]
    withdrawal = Event.objects.of("engagement", engagement.pk).latest("position")
    assert f'"because_of": {withdrawal.pk}' in recall.details.text
    with pytest.raises(Refused, match=LACKING):
        perform(instruments, "submit", by=cast.lead)
    name_two(cast, instruments, "Nurgul", "Kunduz")
    perform(instruments, "submit", by=cast.lead)
    assert asked(instruments) == ["Nurgul (test)", "Kunduz (test)"]


def test_a_conclusion_that_was_given_stays_when_its_expert_is_locked_out(
    cast: Cast, engagement: Engagement, instruments: Deliverable
) -> None:
    submitted(cast, instruments)
    perform(instruments, "agree", by=expert("Ulan"))
    verbs.withdraw_access(engagement, expert("Ulan"), by=cast.lead)
    instruments.refresh_from_db()
    assert (instruments.state, asked(instruments)) == ("submitted", ["Nurgul (test)"])
    perform(instruments, "agree", by=expert("Nurgul"))
    answer_until(cast, instruments, "approved")


def test_who_is_locked_out_before_their_turn_comes_is_named_no_more(
    cast: Cast, engagement: Engagement, instruments: Deliverable
) -> None:
    RouteSeat.objects.filter(row=instruments.row, role=Role.CONTRACTOR_EXPERT).update(step=F("step") + 10)
    RouteSeat.objects.filter(row=instruments.row, role=Role.COORDINATOR).update(step=1)
    submitted(cast, instruments)
    assert asked(instruments) == ["Aigul (test)"]
    verbs.withdraw_access(engagement, expert("Ulan"), by=cast.lead)
    instruments.refresh_from_db()
    assert (instruments.state, instruments.reviewers) == ("draft", [expert("Nurgul")])
