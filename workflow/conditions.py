"""Conditions of a transition: a test and the sentence shown when it fails."""

from collections.abc import Callable
from typing import Any

Sentence = Any
"""A lazily translated text, or a function of the case that makes one."""


class Condition:
    """Holds of the case itself, so the page can show the button disabled with the sentence beforehand."""

    def __init__(self, sentence: Sentence, test: Callable[[Any], bool]) -> None:
        self.sentence = sentence
        self.test = test

    def __call__(self, case: Any) -> bool:
        return self.test(case)

    def says(self, case: Any) -> str:
        return str(self.sentence(case) if callable(self.sentence) else self.sentence)


class InputCondition(Condition):
    """Holds of what the person filled in (`test` gets the inputs); nothing is wrong while nobody acts."""

    def __call__(self, case: Any) -> bool:
        return case.act is None or self.test(case.act.inputs)


class ActorCondition(Condition):
    """Holds of the person who acts or looks (`test` gets case and actor)."""

    def __init__(self, sentence: Sentence, test: Callable[[Any, Any], bool]) -> None:
        super().__init__(sentence, lambda case: case.onlooker is None or test(case, case.onlooker))


def given(name: str, sentence: Sentence) -> InputCondition:
    """The input `name` is filled in (white space alone does not count)."""
    return InputCondition(sentence, lambda inputs: bool(str(inputs.get(name) or "").strip()))
