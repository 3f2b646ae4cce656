"""Kyrgyz and Russian are complete, mean the same placeholders, and are compiled as committed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[1]
FORMS = {"ky": 1, "ru": 3}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|<[^>]+>")


def catalogue(language: str, ending: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"django.{ending}"


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("language", FORMS)
def test_every_text_is_translated(language: str) -> None:
    po = polib.pofile(str(catalogue(language, "po")))
    forms = {entry.msgid: FORMS[language] if entry.msgid_plural else 1 for entry in po}
    assert [entry.msgid for entry in po if entry.fuzzy or entry.obsolete] == []
    assert {entry.msgid: sum(map(bool, texts(entry))) for entry in po} == forms


@pytest.mark.parametrize("language", FORMS)
def test_translations_keep_placeholders_and_line_ends(language: str) -> None:
    for entry in polib.pofile(str(catalogue(language, "po"))):
        for text in texts(entry):
            original = entry.msgid_plural or entry.msgid
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(original)), entry.msgid
            assert (text[0] == "\n", text[-1] == "\n") == (original[0] == "\n", original[-1] == "\n"), entry.msgid


@pytest.mark.parametrize("language", FORMS)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    written = {_key(entry): texts(entry) for entry in polib.pofile(str(catalogue(language, "po")))}
    compiled = {_key(entry): texts(entry) for entry in polib.mofile(str(catalogue(language, "mo")))}
    assert compiled == written


def test_texts_are_collected_by_the_names_that_translate_them() -> None:
    """makemessages knows these functions by their own names and by `_`: a text under another name stays English."""
    renamed = re.compile(r"import (?:\w*gettext\w*) as (?!_\n)\w+")
    rooms = ("cases", "config", "notifications", "workflow")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    assert [str(path) for path in files if renamed.search(path.read_text(encoding="utf-8"))] == []


WRONG = {
    "ky": {
        r"сунуш(?!тама)": "a recommendation is a сунуштама",
        r"%\(\w+\)s чейин": "чейин takes a dative, which a date in figures has not; a year in figures has -жылга",
    },
    "ru": {r"подтверждени[еяюй]": "evidence is a доказательство"},
}

MEANT = {r"сунуш(?!тама)": "proposal"}
"""A word that stands for another thing as well: where the English text speaks of that, it is right."""


@pytest.mark.parametrize("language", WRONG)
def test_translations_keep_to_the_glossary(language: str) -> None:
    for entry in polib.pofile(str(catalogue(language, "po"))):
        for pattern, rule in WRONG[language].items():
            is_meant = MEANT.get(pattern, "\n\n") in entry.msgid.lower()
            found = [text for text in texts(entry) if not is_meant and re.search(pattern, text, re.IGNORECASE)]
            assert found == [], f"{entry.msgid}: {rule}"


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is missing. Get it: sudo apt-get install gettext")
def test_no_text_of_the_source_is_missing_in_the_catalogues(tmp_path: Path) -> None:
    shutil.copytree(ROOT, tmp_path / "copy", ignore=shutil.ignore_patterns(".*", "var", "tests", "bench", "static"))
    command = ["manage.py", "makemessages", "--locale", "ky", "--locale", "ru", "--no-obsolete"]
    env = {"DEBUG": "true", "DATABASE_URL": "postgres:///unused", "PATH": "/usr/bin:/bin:/usr/local/bin"}
    done = subprocess.run([sys.executable, *command], cwd=tmp_path / "copy", env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for language in FORMS:
        fresh = polib.pofile(str(tmp_path / "copy" / "locale" / language / "LC_MESSAGES" / "django.po"))
        kept = polib.pofile(str(catalogue(language, "po")))
        assert set(map(_key, fresh)) == set(map(_key, kept))


def test_gettext_is_called_by_a_name_that_is_collected() -> None:
    rooms = ("cases", "config", "notifications", "workflow")
    sources = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    found = {name for path in sources for name in re.findall(r"\bgettext(?:_lazy)? as (\w+)", path.read_text())}
    assert found == {"_"}


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid
