"""What is installed is pinned, comes with hashes, and is what the project names."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version

import pytest

from tests.config.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(name: str) -> dict[str, str]:
    lines = re.findall(r"^([a-z0-9-]+)(?:\[[a-z]+\])?==(\S+)", (ROOT / name).read_text(), flags=re.M)
    return dict(lines)


def test_exactly_one_package_owns_the_module_django_fsm() -> None:
    assert version("django-fsm-2")
    with pytest.raises(PackageNotFoundError):
        version("django-fsm")


def test_every_package_of_the_project_is_pinned_and_locked() -> None:
    run, dev = pins(LOCKS[0]), pins(LOCKS[1])
    wanted = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["dev"]
    for requirements, locked in zip(wanted, (run, dev), strict=True):
        for requirement in requirements:
            name, found = re.fullmatch(r"([a-z0-9-]+)(?:\[[a-z]+\])?==(\S+)", requirement).groups()
            assert locked[name] == found
    assert run.items() <= dev.items()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_and_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "find-links" not in text
