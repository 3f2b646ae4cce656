"""Sentences are compared in English; the clock is set by the test that asks for it."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.workflow.effects import Clock


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.set_by(monkeypatch)
    return clock
