"""Conditions of acts: each judges the case, the person and the inputs, and carries the sentence shown when it fails."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from workflow.roles import Actor
from workflow.texts import Text

if TYPE_CHECKING:
    from workflow.case import Case

Sentence = Text | Callable[[Any], str]
"""A lazily translated text, or a function of the case that makes one."""
Inputs = Mapping[str, object]


class Condition:
    """A condition on the case alone, so a page can disable the button beforehand with the sentence as the reason.

    `about` is the input that it judges, where it is a single one: a form shows the sentence there. Where one that
    `hides` fails, the act is not the reader's to do now, and pages do not offer it at all. `name` is for the matrix,
    where no lifecycle file gives it a name of its own (`Case.name_of()`).
    """

    needs_inputs = False
    needs_actor = False
    is_costly = False

    def __init__(
        self, sentence: Sentence, test: Callable[..., bool], *, about: str = "", hides: bool = False, name: str = ""
    ) -> None:
        self.sentence = sentence
        self.test = test
        self.about = about
        self.hides = hides
        self.name = name

    def __call__(self, case: "Case", actor: Actor | None, inputs: Inputs) -> bool:
        return self.test(case)

    @property
    def text(self) -> Text:
        """The sentence, for forms; only where it does not depend on the case."""
        if callable(self.sentence):
            raise TypeError("This sentence depends on the case.")
        return self.sentence

    def says(self, case: "Case") -> str:
        return str(self.sentence(case) if callable(self.sentence) else self.sentence)


class ActorCondition(Condition):
    """A condition on the person who acts or reads: `test(case, actor)`."""

    needs_actor = True

    def __call__(self, case: "Case", actor: Actor | None, inputs: Inputs) -> bool:
        return actor is not None and self.test(case, actor)


class CostlyCondition(Condition):
    """A condition on the case that reads more than a page of many acts may: judged on the page of its act and by it."""

    is_costly = True


class InputCondition(Condition):
    """A condition on what was filled in: `test(inputs)`. A page that asks for the inputs does not judge it yet."""

    needs_inputs = True

    def __call__(self, case: "Case", actor: Actor | None, inputs: Inputs) -> bool:
        return self.test(inputs)


class JointCondition(InputCondition):
    """A condition on the case and what was filled in together: `test(case, inputs)`."""

    def __call__(self, case: "Case", actor: Actor | None, inputs: Inputs) -> bool:
        return self.test(case, inputs)


def required(name: str, sentence: Sentence) -> InputCondition:
    """The input `name` is filled in (white space alone does not count)."""
    return InputCondition(
        sentence, lambda inputs: bool(str(inputs.get(name) or "").strip()), about=name, name=f"required({name})"
    )


def one_of(name: str, values: Iterable[str], sentence: Sentence) -> InputCondition:
    """The input `name` is one of these values."""
    return InputCondition(sentence, lambda inputs: inputs.get(name) in values, about=name)


def first_unmet(
    conditions: Iterable[Condition], case: "Case", actor: Actor | None, inputs: Inputs | None = None
) -> Condition | None:
    """The first condition that fails. Without `inputs` (nobody acts yet) those on inputs, and costly ones, wait."""
    judged = conditions
    if inputs is None:
        judged = (condition for condition in conditions if not condition.needs_inputs | condition.is_costly)
    return next((condition for condition in judged if not condition(case, actor, inputs or {})), None)
