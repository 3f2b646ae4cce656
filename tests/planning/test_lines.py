"""The lines of a deliverable: typed, refused where they do not fit, part of what is decided on."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases.planning.models import Line
from cases.planning.stages import FILE
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import make_engagement, person
from tests.planning.lines import ITEM, LINES, add, address, lines_of, of_kind
from workflow.door import perform
from workflow.lifecycles.engagement import State
from workflow.models import Event
from workflow.trail.readable import readable

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "kept", "changed"),
    [
        (
            "cost_estimate",
            {"name": "Printing of forms (test)", "unit": "copy", "quantity": "1500.00", "price": "12.35",
             "source_of_finance": "State budget (test)", "year": "2099"},
            {"price": "13"},
        ),
        (
            "calendar_plan",
            {"kind": "visit", "title": "First visit (test)", "starts": "2099-02-05", "ends": "2099-02-07",
             "institution": "UNI", "responsible": "A. Asanov"},
            {"ends": "08.02.2099"},
        ),
        (
            "national_team",
            {"full_name": "A. Asanova (test)", "organisation": "Academy", "duty": "analysis", "direction": "4",
             "legal_act": ""},
            {"duty": "expertise"},
        ),
    ],
)  # fmt: skip
def test_a_line_is_added_changed_and_removed(
    cast: Cast, at: Opened, kind: str, kept: dict[str, str], changed: dict[str, str]
) -> None:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), kind)
    client = at(person(cast, deliverable.drafter_role))
    shown = add(client, deliverable).content.decode()
    assert lines_of(deliverable) == [kept]
    assert kept.get("name", kept.get("title", "")) in shown
    deliverable.refresh_from_db()
    client.post(address("line_edit", deliverable, 1), {**LINES[kind], **changed, "version": deliverable.version})
    [line] = lines_of(deliverable)
    assert {name for name in kept if line[name] != kept[name]} == set(changed)
    deliverable.refresh_from_db()
    client.post(address("line_remove", deliverable, 1), {"version": deliverable.version})
    assert lines_of(deliverable) == []
    events = list(Event.objects.filter(number=deliverable.number, action="itemise").order_by("id"))
    [name] = changed
    details = [{detail.name for detail in readable([event])[event.pk]} for event in events]
    assert details == [{"line", *(column for column in kept if kept[column])}, {"line", name}, details[0]]


def test_the_history_says_a_change_in_words(cast: Cast, at: Opened) -> None:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), "calendar_plan")
    shown = add(at(cast.lead), deliverable).content.decode()
    assert "Change the lines" in shown
    event = Event.objects.get(number=deliverable.number, action="itemise")
    told = {detail.label: detail.new for detail in readable([event])[event.pk]}
    assert (told["Kind"], told["Begins"], told["Institution"]) == ("Visit", "05.02.2099", "UNI")


def test_the_amounts_add_up_in_som(cast: Cast, at: Opened) -> None:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), "cost_estimate")
    client = at(cast.coordinator)
    add(client, deliverable)
    shown = add(client, deliverable, name="Paper", quantity="1,05", price="10,33").content.decode()
    assert "18,525.00" in shown
    assert "10.85" in shown
    assert "Total: 18,535.85 som" in shown


@pytest.mark.parametrize(
    ("kind", "wrong", "sentence"),
    [
        ("cost_estimate", {"quantity": "-1"}, "Give a number, such as 12 or 1 500,5."),
        ("cost_estimate", {"quantity": "12345678901"}, "Give a number, such as 12 or 1 500,5."),
        ("cost_estimate", {"price": "1,005"}, "Give the sum in som"),
        ("cost_estimate", {"year": "1999"}, "2020"),
        ("cost_estimate", {"name": " "}, "This field is required."),
        ("calendar_plan", {"ends": "01.02.2099"}, "It ends before it begins."),
        ("calendar_plan", {"starts": "31.12.2098"}, "The stages of the monitoring last from 01.01.2099 to 25.06.2099."),
        ("calendar_plan", {"ends": "26.06.2099"}, "The stages of the monitoring last from 01.01.2099 to 25.06.2099."),
        ("calendar_plan", {"institution": "NO-SUCH"}, "No active institution has this code or name: NO-SUCH."),
        ("calendar_plan", {"institution": "DEP"}, "No active institution has this code or name: DEP."),
        ("calendar_plan", {"kind": "picnic"}, "picnic is not one of the available choices."),
        ("national_team", {"duty": ""}, "This field is required."),
        ("national_team", {"direction": "14"}, "14 is not one of the available choices."),
        ("national_team", {"legal_act": "999999"}, "That choice is not one of the available choices."),
    ],
)
def test_a_wrong_line_comes_back_and_nothing_is_stored(
    cast: Cast, at: Opened, kind: str, wrong: dict[str, str], sentence: str
) -> None:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), kind)
    response = add(at(person(cast, deliverable.drafter_role)), deliverable, **wrong)
    assert response.status_code == 422
    assert sentence in response.content.decode().replace("&quot;", '"').replace("\xa0", " ")
    assert lines_of(deliverable) == []


def test_somebody_who_was_overtaken_sees_what_changed_and_keeps_what_they_typed(cast: Cast, at: Opened) -> None:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), "cost_estimate")
    client = at(cast.coordinator)
    add(client, deliverable)
    response = add(client, deliverable, name="Late (test)", version=deliverable.version - 1)
    assert response.status_code == 409
    shown = response.content.decode()
    assert "Late (test)" in shown
    assert "Printing of forms (test)" in shown
    assert len(lines_of(deliverable)) == 1


def test_only_those_kinds_have_lines_and_only_their_drafter_changes_them(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.PREPARATION, stages=FILE)
    terms, estimate = of_kind(engagement, "terms_of_reference"), of_kind(engagement, "cost_estimate")
    drafter, other = at(cast.coordinator), at(cast.lead)
    page = drafter.get(terms.get_absolute_url()).content.decode()
    assert "Add a line" not in page
    refused = drafter.get(address("line_add", terms))
    assert (refused.status_code, "does not consist of lines" in refused.content.decode()) == (403, True)
    for name in ("line_add", "lines_import"):
        assert drafter.post(address(name, terms), {**ITEM, "version": terms.version}).status_code == 404
    assert drafter.get(address("lines_export", terms)).status_code == 404
    assert "Add a line" in drafter.get(estimate.get_absolute_url()).content.decode()
    assert "Add a line" not in other.get(estimate.get_absolute_url()).content.decode()
    assert add(other, estimate).status_code == 422
    assert lines_of(estimate) == []
    assert drafter.get(address("line_edit", estimate, 7)).status_code == 404


def test_submitted_lines_are_part_of_what_is_decided_on(cast: Cast, at: Opened) -> None:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), "cost_estimate")
    client = at(cast.coordinator)
    add(client, deliverable)
    deliverable.refresh_from_db()
    perform(deliverable, "submit", by=cast.coordinator)
    assert deliverable.versions.get().read()["lines"] == lines_of(deliverable)
    assert add(client, deliverable).status_code == 422
    act = at(cast.head).get(reverse("deliverable_act", args=[deliverable.number, "agree"])).content.decode()
    assert "Total: 18,525.00 som" in act


@pytest.mark.parametrize("kind", ["cost_estimate", "calendar_plan", "national_team"])
def test_the_page_asks_as_much_of_the_database_with_many_lines(
    cast: Cast, at: Opened, kind: str, django_assert_max_num_queries: Any
) -> None:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), kind)
    client = at(person(cast, deliverable.drafter_role))
    add(client, deliverable)
    with django_assert_max_num_queries(100) as few:
        client.get(deliverable.get_absolute_url())
    model: type[Line] = deliverable.line_model  # type: ignore[assignment]
    line = model.of(deliverable).get()
    for place in range(2, 40):
        line.pk, line.place = None, place
        if kind == "calendar_plan":
            line.starts = line.ends = line.ends + timedelta(days=1)
        line.save(force_insert=True)
    with django_assert_max_num_queries(100) as many:
        client.get(deliverable.get_absolute_url())
    assert len(many) == len(few)
