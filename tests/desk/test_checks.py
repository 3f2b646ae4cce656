"""What a kind forgets to bring to the desk stops the start."""

from dataclasses import replace
from typing import Any

import pytest
from django import forms
from django.db import models
from django.test.utils import isolate_apps

from cases.desk import kinds as registry
from cases.desk.checks import check_kind, check_kinds
from cases.desk.forms import ActForm
from cases.desk.kinds import ClockAct, ListColumn, Section
from tests.toys.kind import NOTES, VISITS
from tests.toys.note import NoteLifecycle
from workflow.case import CaseQuerySet


class WrongForm(ActForm):
    title = forms.CharField()


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ({"forms": {"close": ActForm, "name_team": VISITS.forms["name_team"]}}, "desk.E002"),
        ({"forms": {**VISITS.forms, "start": WrongForm}}, "desk.E002"),
        ({"forms": {**VISITS.forms, "nothing": ActForm}}, "desk.E003"),
        ({"decided_on": {"finish": Section("toys/team.html")}}, "desk.E003"),
        ({"warnings": {"finish": str}}, "desk.E003"),
        ({"way": ("planned", "gone")}, "desk.E003"),
        ({"badges": {**VISITS.badges, "gone": ""}}, "desk.E003"),
        ({"badges": {"planned": "", "running": ""}}, "desk.E004"),
        ({"clock": (ClockAct("comment", VISITS.model.objects.filter, print),)}, "desk.E008"),
        ({"sections": (Section("toys/never_written.html"),)}, "desk.E006"),
        ({"name_of_many": ""}, "desk.E009"),
        ({"menu_roles": frozenset()}, "desk.E009"),
        ({"columns": ()}, "desk.E009"),
        ({"columns": (ListColumn("Size", str, is_shown=False),)}, "desk.E009"),
        ({"concerned": ""}, "desk.E009"),
    ],
)
def test_each_thing_forgotten_is_found_under_its_number(broken: dict[str, Any], expected: str) -> None:
    assert {error.id for error in check_kind(replace(VISITS, **broken))} == {expected}


def test_a_kind_that_was_not_registered_has_no_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(registry._KINDS, "note")
    assert [(error.id, "'note'" in error.msg) for error in check_kinds()] == [("desk.E001", True)]


@isolate_apps("tests.toys")
def test_rows_that_cannot_be_asked_who_sees_them_are_found() -> None:
    assert [error.id for error in check_kind(replace(NOTES, model=_note(models.Manager())))] == ["desk.E005"]


@isolate_apps("tests.toys")
def test_nothing_is_internal_where_everybody_sees_the_beginning() -> None:
    model = _note(CaseQuerySet.as_manager())
    model.VERBS = {"settle_quietly": VISITS.model.verbs()["comment_internal"]}
    assert [error.id for error in check_kind(replace(NOTES, model=model))] == ["desk.E007"]


def test_what_is_open_to_nobody_is_done_by_the_clock() -> None:
    recommendations = registry.kinds()["recommendation"]
    errors = [error.msg for error in check_kind(replace(recommendations, clock=recommendations.clock[:2]))]
    assert [("review_effect is open to nobody" in message) for message in errors] == [True]


def test_what_is_shown_elsewhere_needs_no_list_and_a_list_of_its_own_no_columns_here() -> None:
    assert list(check_kind(NOTES)) == []
    assert (NOTES.is_part, NOTES.name_of_many, NOTES.columns) == (True, "", ())
    own = replace(registry.kinds()["recommendation"], columns=())
    assert (own.has_own_pages, list(check_kind(own))) == (True, [])
    assert [error.id for error in check_kind(replace(own, name_of_many=""))] == ["desk.E009"]


def test_the_kinds_in_use_pass() -> None:
    assert check_kinds() == []


def _note(objects: Any) -> Any:
    meta = type("Meta", (), {"app_label": "toys"})
    return type("Bare", (NoteLifecycle,), {"__module__": __name__, "Meta": meta, "objects": objects})
