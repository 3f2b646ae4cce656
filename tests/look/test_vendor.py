"""What is vendored is what the lock file says, licensed, and fit for a strict CSP and the three languages."""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from fontTools.ttLib import TTFont

VENDOR = Path(settings.BASE_DIR) / "static" / "vendor"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
sys.path.insert(0, str(VENDOR))
import used  # type: ignore[import-not-found]  # noqa: E402 - a program beside what it cuts

NAMED = re.compile(r"\.([a-zA-Z_][\w-]*)")
PACKAGES: list[dict[str, Any]] = json.loads((VENDOR / "vendor.lock.json").read_text())["packages"]
LOCKED = {name: digest for package in PACKAGES for name, digest in package["sha256"].items()}

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
KYRGYZ = RUSSIAN + "ңөү"
LATIN = "abcdefghijklmnopqrstuvwxyz"
SIGNS = "0123456789 .,:;!?()[]{}/\\|-–—…'\"“”„‘’«»№§©°%+=<>*&@#_~·•×\xa0€"
LETTERS = KYRGYZ + KYRGYZ.upper() + LATIN + LATIN.upper() + "üÜöÖ" + SIGNS
TEXT_FONTS = ["NotoSans-Regular", "NotoSans-Bold", "NotoSans-Italic"]


def test_every_vendored_file_is_the_one_of_the_lock_file() -> None:
    own = {VENDOR, VENDOR / "__pycache__"}  # The programs next to the packages, and what Python compiled of them.
    files = (path for path in VENDOR.rglob("*") if path.is_file() and path.parent not in own)
    found = {str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert found == LOCKED


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_every_vendored_package_names_version_licence_and_source(package: dict[str, Any]) -> None:
    assert package["version"]
    assert package["licence"] in {"MIT", "OFL-1.1"}
    assert package["source"]
    assert package["licence_file"] in package["sha256"]
    assert "Copyright" in (VENDOR / package["licence_file"]).read_text()


def test_tabler_needs_nothing_that_the_csp_or_the_manifest_would_refuse() -> None:
    css = (VENDOR / "tabler" / "tabler.css").read_text()
    assert "data:" not in css
    assert "sourceMappingURL" not in css
    assert "http://" not in css.replace("https://tabler.io", "")
    assert "Licensed under MIT" in css


@pytest.mark.parametrize("name", TEXT_FONTS)
def test_a_shipped_font_has_every_letter_of_the_three_languages(name: str) -> None:
    path = VENDOR / "noto" / f"{name}.woff2"
    characters = TTFont(path).getBestCmap()
    assert [letter for letter in LETTERS if ord(letter) not in characters] == []
    assert path.stat().st_size < 30_000


def test_the_signs_that_pages_use_are_in_the_fonts_that_carry_them() -> None:
    math = TTFont(VENDOR / "noto" / "NotoSansMath-Regular.woff2").getBestCmap()
    symbols = TTFont(VENDOR / "noto" / "NotoSansSymbols2-Regular.woff2").getBestCmap()
    assert {chr(code) for code in math} >= set("←↑→↓−≤≥")
    assert {chr(code) for code in symbols} >= set("▲▸▼⚠✓")


def test_the_styles_that_pages_get_are_what_they_use_of_tabler() -> None:
    assert used.USED.read_text(encoding="utf-8") == used.used_css(), "Run `make css`."
    assert len(used.used_css()) < 60_000


@pytest.mark.usefixtures("gallery")
def test_no_class_of_a_page_is_cut_off(client: Client) -> None:
    whole, cut = (set(NAMED.findall(path.read_text(encoding="utf-8"))) for path in (used.WHOLE, used.USED))
    templates = {name for path in TEMPLATES.rglob("*.html") for name in used.classes(path.read_text(encoding="utf-8"))}
    shown = set(used.classes(client.post("/gallery/form/").content.decode()))
    assert {"btn-primary", "form-control", "is-invalid", "form-check-input", "form-select"} <= shown & cut
    assert ((templates | shown) & whole) - cut == set()


def test_what_is_cut_off_is_what_names_something_else() -> None:
    css = """@media print{.a,.b{color:red}.c{d:e}}.a:not(.c) p,[data-x] i{--v:url("a;b");--w:1;color:var(--v)}
    @keyframes f{to{top:0}}@keyframes g{to{top:0}}#i{animation:f 1s}:root{--w:2}"""
    kept = used._without_spare(list(used._cut(used._parsed(css), {"a", "i"})), ours="")
    assert "".join(map(str, kept)) == (
        '@media print{.a{color:red}}.a:not(.c) p{--v:url("a;b");color:var(--v)}'
        "@keyframes f{to{top:0}}#i{animation:f 1s}"
    )


@pytest.mark.parametrize("name", ["baikoo", "parts", "dark", "tabler"])
def test_our_own_styles_name_only_files_that_are_there(name: str) -> None:
    path = Path(settings.BASE_DIR) / "static" / "css" / f"{name}.css"
    named = [part.split('")')[0] for part in path.read_text().split('url("')[1:]]
    assert [url for url in named if not (path.parent / url).is_file()] == []


def test_dark_changes_no_colour_that_light_does_not_have() -> None:
    light, dark = (_variables(Path(settings.BASE_DIR) / "static" / "css" / name) for name in ("baikoo.css", "dark.css"))
    assert dark
    assert dark <= light


def _variables(path: Path) -> set[str]:
    return set(re.findall(r"(--[\w-]+):", path.read_text()))
