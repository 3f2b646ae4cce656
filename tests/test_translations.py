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


WRONG = {
    "ky": {r"сунуш(?!тама)": "a recommendation is a сунуштама"},
    "ru": {r"подтверждени[еяюй]": "evidence is a доказательство"},
}


@pytest.mark.parametrize("language", WRONG)
def test_translations_keep_to_the_glossary(language: str) -> None:
    for entry in polib.pofile(str(catalogue(language, "po"))):
        for pattern, rule in WRONG[language].items():
            found = [text for text in texts(entry) if re.search(pattern, text, re.IGNORECASE)]
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


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid
