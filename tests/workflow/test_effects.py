"""Every act of every kind writes what the table of effects says of it, and nothing else in the whole database."""

from collections.abc import Iterator

import pytest

from tests.cast import Cast
from tests.workflow.effects import NOON, Clock
from tests.workflow.effects.checking import PLACES, TABLES, state_of, wrong_effects
from workflow.case import Case, case_types


def test_every_act_of_every_kind_has_its_row_from_every_state_it_starts_from() -> None:
    assert TABLES.keys() == case_types().keys()
    for name, table in TABLES.items():
        assert {(row.action, state_of(place)) for row in table.rows for place in row.sources} == set(
            _acts(table.model)
        ), name


def test_every_action_that_the_trail_can_name_is_written_by_some_row() -> None:
    for name, table in TABLES.items():
        own = {row.action for row in table.rows}
        followed = {
            values["action"]
            for other in TABLES.values()
            for row in other.rows
            for _what, table_name, values in row.others
            if table_name == "workflow_event" and values["subject_type"] == name
        }
        assert own | followed == set(table.model.ACTIONS.values), name


def _acts(model: type[Case]) -> Iterator[tuple[str, str]]:
    yield "create", ""
    for action, declared in [*model.transitions().items(), *model.verbs().items()]:
        for source in declared.sources:
            yield action, source


@pytest.mark.parametrize(("case_type", "place"), PLACES)
def test_an_act_writes_what_the_table_says_and_nothing_else(
    cast: Cast, clock: Clock, case_type: str, place: str
) -> None:
    wrong = wrong_effects(cast, clock, case_type, place, [NOON])
    assert not wrong, "\n".join(["The table of effects and the database differ:", *wrong])
