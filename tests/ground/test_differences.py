"""Two texts as one: what was removed and added is marked, what stayed the same can be folded."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.ground.differences import compared, marked, passages

PARAGRAPHS = [f"Paragraph {number} of the programme, as it was agreed.\n" for number in range(2_500)]


def test_a_difference_marks_words_and_not_letters() -> None:
    old, new = "Мөөнөтү 2026-жыл, жооптуу декан", "Мөөнөтү 2027-жыл, жооптуу проректор"
    assert marked(old, new) == (
        'Мөөнөтү <del class="d">2026</del><ins class="d">2027</ins>-жыл, жооптуу '
        '<del class="d">декан</del><ins class="d">проректор</ins>'
    )


def test_neighbouring_changes_are_one_change() -> None:
    assert marked("one two end", "three four end") == '<del class="d">one two</del><ins class="d">three four</ins> end'


WORDS = st.lists(st.sampled_from(["бир ", "эки\n", "\n", "<b>", "үч ", "төрт. "]), max_size=6_000).map("".join)


@given(st.one_of(st.text(max_size=60), WORDS), st.one_of(st.text(max_size=60), WORDS))
def test_a_difference_holds_both_texts_whole(old: str, new: str) -> None:
    blocks = list(compared(old, new))
    assert "".join(word for left, _right, _same in blocks for word in left) == old
    assert "".join(word for _left, right, _same in blocks for word in right) == new
    shown = "".join(passage.marked for passage in passages(old, new))
    assert re.sub(r"</?(ins|del)\b[^>]*>", "", shown).count("<") == 0, "all else is escaped"


def test_of_a_long_text_the_words_of_its_changed_paragraphs_are_marked() -> None:
    new = PARAGRAPHS[:900]
    new[700] = new[700].replace("agreed", "approved")
    shown = marked("".join(PARAGRAPHS[:900]), "".join(new))
    assert (shown.count("<del"), shown.count("<ins")) == (1, 1)
    assert '<del class="d">agreed</del><ins class="d">approved</ins>' in shown


def test_texts_too_long_for_that_are_shown_whole() -> None:
    assert marked("".join(PARAGRAPHS), "эки").count("<del") == 1


def test_what_did_not_change_is_folded_but_for_a_paragraph_around_each_change() -> None:
    old, new = PARAGRAPHS[:20], PARAGRAPHS[:20]
    new[10] = "Another one.\n"
    found = [(passage.paragraphs, len(passage.marked.splitlines())) for passage in passages("".join(old), "".join(new))]
    assert found == [(9, 9), (0, 1), (0, 1), (0, 1), (8, 8)]


@pytest.mark.parametrize("lines", [2, 1_900])
def test_the_worst_of_texts_are_compared_in_bounds(lines: int) -> None:
    chosen = random.Random(1)
    old, new = ("".join(chosen.choice("ab") + "\n" for _line in range(lines // 2)) for _text in range(2))
    blocks = list(compared(old, new))
    assert "".join(word for left, _right, _same in blocks for word in left) == old
