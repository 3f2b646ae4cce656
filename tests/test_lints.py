"""The checks of a commit are those of `make lint` and `make test`, need no network, and notice what they are for."""

import subprocess
import sys
from pathlib import Path

import yaml

from tests.run import ROOT, lints

CONFIG = ROOT / ".pre-commit-config.yaml"


def test_a_commit_is_checked_by_what_is_installed_here() -> None:
    repos = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    assert {hook["language"] for hook in repos[0]["hooks"]} == {"system"}
    assert all(".venv/bin/" in hook["entry"] for hook in repos[0]["hooks"])
    assert [check.name for check in lints()] == [hook["name"] for hook in repos[0]["hooks"]]


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *map(str, command)], cwd=ROOT, capture_output=True, text=True)


def test_a_template_with_an_attribute_twice_or_a_picture_without_words_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p class="a">{{ text }}</p>\n')
    assert run("djlint", page, "--lint").returncode == 0
    page.write_text('<p class="a" class="b">{{ text }}</p>\n<img src="x.png" height="1" width="1">\n')
    done = run("djlint", page, "--lint")
    assert done.returncode == 1
    assert all(rule in done.stdout for rule in ("H037", "H013"))


def test_a_misspelt_word_is_noticed_and_kyrgyz_and_russian_are_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "text.md"
    text.write_text("The recommendation: сунуштама, рекомендация.\n", encoding="utf-8")
    assert run("codespell_lib", text).returncode == 0
    text.write_text("It is recie" + "ved.\n")
    done = run("codespell_lib", text)
    assert done.returncode != 0
    assert "received" in done.stdout
