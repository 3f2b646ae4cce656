"""The stand-alone program: a stranger's export of any kind gets a sentence and an exit code, never a traceback."""

import ast
import json
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trail.tampering import PROGRAM, run_verifier, write_export
from workflow.trail import verify

pytestmark = pytest.mark.slow

TYPES = ("extension", "recommendation")


def chain(subject_type: str, subject_id: int, length: int, first: int) -> list[verify.Line]:
    lines: list[verify.Line] = []
    last = ""
    for position in range(1, length + 1):
        text = json.dumps({"reason": f"Себеби «{position}»"}, ensure_ascii=False) if position % 2 else None
        salt = f"{position:032x}"
        event: verify.Line = {
            "id": str(first + position), "subject_type": subject_type, "subject_id": str(subject_id),
            "position": str(position), "previous": last, "number": f"R-2026-{subject_id:05d}", "action": "issue",
            "source": "draft", "target": "issued", "version": "3", "actor": None if position == 2 else "7",
            "role": "coordinator", "organisation": "4", "membership": None, "at": "2026-11-21T04:10:07.000001Z",
            "details_digest": verify.details_digest(salt, text) if text else "",
        }  # fmt: skip
        last = event["hash"] = verify.event_hash(event)
        lines.append(event | ({"salt": salt, "details": text} if text else {}))
    return [*lines, {"head": [subject_type, str(subject_id)], "length": str(length), "hash": last}]


def sound() -> list[verify.Line]:
    chains = [chain(name, subject, 3, 10 * subject) for name in TYPES for subject in (2, 10)]
    return [*(line for one in chains for line in one), {"end": ["12", "4"]}]


def judge(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = verify.main([str(path)])
    told = capsys.readouterr().out
    assert code in (0, 1, 2)
    assert told.count("\n") == 1, "one sentence"
    assert told.strip().isprintable()
    return code, told


VALUES: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["0", "1", "-1", "٣"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
MANY = settings(max_examples=300)


def test_the_example_is_sound(tmp_path: Path) -> None:
    assert run_verifier(write_export(tmp_path / "t.jsonl", sound())) == (0, "Sound: 12 events in 4 chains.")


@MANY
@given(data=st.data())
def test_whatever_else_an_export_says_is_never_taken_for_sound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    lines: list[Any] = deepcopy(sound())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["value", "key", "drop", "add", "move", "line"])):
            case "value" if isinstance(lines[place], dict) and lines[place]:
                lines[place][data.draw(st.sampled_from(sorted(lines[place])))] = data.draw(VALUES)
            case "key" if isinstance(lines[place], dict) and lines[place]:
                del lines[place][data.draw(st.sampled_from(sorted(lines[place])))]
            case "drop" if len(lines) > 1:
                del lines[place]
            case "add" if isinstance(lines[place], dict):
                lines[place][data.draw(st.text(max_size=8))] = data.draw(VALUES)
            case "move":
                lines.insert(data.draw(st.integers(0, len(lines))), deepcopy(lines[place]))
            case "line":
                lines[place] = data.draw(VALUES)
    path = tmp_path / "t.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    code, told = judge(path, capsys)
    assert (code == 0) == _is_erased(lines), told


def _is_erased(lines: list[Any]) -> bool:
    """Whether it is the example but for details that are not in it, as after an erasure by law."""
    original = sound()
    return len(lines) == len(original) and all(
        one in (whole, {name: value for name, value in whole.items() if name not in ("salt", "details")})
        for one, whole in zip(lines, original, strict=True)
    )


@MANY
@given(data=st.data())
def test_broken_bytes_are_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str], data: st.DataObject) -> None:
    good = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in sound()).encode()
    first = data.draw(st.integers(0, len(good)))
    last = data.draw(st.integers(first, min(first + 50, len(good))))
    path = tmp_path / "t.jsonl"
    path.write_bytes(good[:first] + data.draw(st.binary(max_size=30)) + good[last:])
    judge(path, capsys)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "its end is missing: it was cut off"),
        (b"\n", "line 1: it is not JSON in UTF-8"),
        (b"\xff\xfe\x00", "line 1: it is not JSON in UTF-8"),
        (b"\xef\xbb\xbf{}", "line 1: it is not JSON in UTF-8"),
        (b"[" * 200_000, "line 1: it is not JSON in UTF-8"),
        (b'{"end": [' + b"9" * 5000 + b', "1"]}', "line 1: it is not JSON in UTF-8"),
        (b"{}", "line 1: it is neither an event nor a head nor the end"),
        (b'{"end": ["0", "0"], "end": ["0", "0"]}', "line 1: it names something twice"),
        (b'{"end": "00"}', "line 1: “end” must be two texts"),
        (b'{"end": ["00", "0"]}', "must be a number"),
        (b'{"end": ["0", "0"]}\n{"end": ["0", "0"]}', "there are lines after the last one"),
        (b'{"head": ["\\ud800", "1"], "length": "1", "hash": ""}', "line 1: it is not JSON in UTF-8"),
    ],
)
def test_what_is_no_export_gets_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(content)
    code, told = run_verifier(path)
    assert code == 2
    assert told.startswith("This is not an export of the trail: ")
    assert sentence in told


def test_what_cannot_be_opened_gets_a_sentence(tmp_path: Path) -> None:
    assert run_verifier(tmp_path) == (2, "The export cannot be read: Is a directory.")
    assert run_verifier(tmp_path / "none") == (2, "The export cannot be read: No such file or directory.")
    assert run_verifier() == (2, "Usage: python verify.py trail.jsonl [seal]")
    code, told = run_verifier(write_export(tmp_path / "t.jsonl", sound()), "12-12-nothing")
    assert (code, told.startswith("This is not an export of the trail: a seal looks like")) == (2, True)


def test_an_empty_trail_is_sound(tmp_path: Path) -> None:
    assert run_verifier(write_export(tmp_path / "t.jsonl", [{"end": ["0", "0"]}])) == (
        0,
        "Sound: 0 events in 0 chains.",
    )


def rewritten() -> list[verify.Line]:
    """The example in which a whole chain tells something else, and fits its head."""
    lines = sound()
    last = ""
    for event in lines[:3]:
        event |= {"previous": last, "target": "closed"}
        last = event["hash"] = verify.event_hash(event)
    lines[3]["hash"] = last
    return lines


SINCE_THE_SEAL: dict[str, tuple[list[verify.Line], str]] = {
    "emptied": ([{"end": ["0", "0"]}], "Of 12 sealed events, up to event 103, only 0 are left."),
    "an older backup": (
        [*sound()[:8], {"end": ["6", "2"]}],
        "Of 12 sealed events, up to event 103, only 6 are left.",
    ),
    "written anew": (
        rewritten(),
        "The events up to event 103 are not the sealed ones: a whole chain was rewritten.",
    ),
}


@pytest.mark.parametrize("name", SINCE_THE_SEAL)
def test_a_seal_that_was_kept_elsewhere_finds_what_the_export_alone_does_not_show(tmp_path: Path, name: str) -> None:
    outside = verify.verify(sound(), "", 103).seal
    lines, sentence = SINCE_THE_SEAL[name]
    export = write_export(tmp_path / "t.jsonl", lines)
    assert run_verifier(export)[0] == 0
    assert run_verifier(export, outside) == (1, sentence)


def test_a_finding_does_nothing_to_the_screen(tmp_path: Path) -> None:
    lines = sound()
    lines[1]["number"] = "\x1b[2J\u202eR-1"
    code, told = run_verifier(write_export(tmp_path / "t.jsonl", lines))
    assert (code, told) == (1, "Event 22 (?[2J?R-1, step 2, issue): it was changed after it was written.")


def test_the_program_needs_the_standard_library_alone() -> None:
    names = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(ast.parse(PROGRAM.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
