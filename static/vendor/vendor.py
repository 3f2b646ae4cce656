"""Fetches and prepares everything under static/vendor/; nothing here runs when Baikoo runs.

    apt-get install fonts-noto-core npm
    .venv/bin/python static/vendor/vendor.py

What came from where, and the hash of every file made, stands in vendor.lock.json; a test compares.
"""

import base64
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from fontTools import subset, ttLib

HERE = Path(__file__).resolve().parent
LOCK = HERE / "vendor.lock.json"
TABLER = "@tabler/core"
TABLER_VERSION = "1.6.1"
TABLER_LICENCE = "tabler/LICENSE"
NOTO_SOURCE = Path("/usr/share/fonts/truetype/noto")
NOTO_LICENCE = "noto/OFL.txt"

LETTERS = [(0x20, 0x7E), (0xA0, 0xFF), (0x400, 0x45F), (0x490, 0x493), (0x49A, 0x49B), (0x4A2, 0x4A3), (0x4AE, 0x4B1)]
LETTERS += [(0x4BA, 0x4BB), (0x4D8, 0x4D9), (0x4E8, 0x4E9), (0x2010, 0x2015), (0x2018, 0x201F), (0x2020, 0x2022)]
LETTERS += [(0x2026, 0x2026), (0x202F, 0x202F), (0x2030, 0x2030), (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2116, 0x2116)]
"""Code points of Kyrgyz, Russian and Latin text, with the Kazakh and Uzbek letters that names may bring."""
FONTS = {
    "NotoSans-Regular": LETTERS,
    "NotoSans-Bold": LETTERS,
    "NotoSans-Italic": LETTERS,
    "NotoSansMath-Regular": [(ord(sign), ord(sign)) for sign in "←↑→↓−≤≥"],
    "NotoSansSymbols2-Regular": [(ord(sign), ord(sign)) for sign in "▲▸▼⚠✓"],
}


def main() -> None:
    lock = json.loads(LOCK.read_text())
    packages = [vendor_tabler(lock["packages"][0]["integrity"]), vendor_noto()]
    LOCK.write_text(json.dumps({"packages": packages}, indent=2, ensure_ascii=False) + "\n")


def vendor_tabler(integrity: str) -> dict[str, object]:
    """Raises SystemExit when the package is not the one of the lock file."""
    with tempfile.TemporaryDirectory() as folder:
        spec = f"{TABLER}@{TABLER_VERSION}"
        packed = subprocess.run(
            ["npm", "pack", "--silent", spec],  # noqa: S607 - wherever npm is installed
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        archive = Path(folder, packed.stdout.split()[-1])
        found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != integrity:
            raise SystemExit(f"{spec} is {found}, the lock file says {integrity}.")
        with tarfile.open(archive) as tar:
            member = tar.extractfile("package/dist/css/tabler.min.css")
            css = member.read().decode() if member else ""
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/\s*", "", css)
    for old in (HERE / "tabler" / "img").glob("*.svg"):
        old.unlink()
    css = re.sub(r'url\("(data:image/svg\+xml,[^"]*)"\)', _image_to_file, css)
    (HERE / "tabler" / "tabler.css").write_text(css)
    source = f"npm {TABLER} {TABLER_VERSION}, dist/css/tabler.min.css, its data: images moved to files"
    return _entry(TABLER, TABLER_VERSION, "MIT", TABLER_LICENCE, source) | {"integrity": integrity}


def _image_to_file(match: re.Match[str]) -> str:
    svg = unquote(match[1].split(",", 1)[1])
    path = HERE / "tabler" / "img" / f"{hashlib.sha256(svg.encode()).hexdigest()[:8]}.svg"
    path.parent.mkdir(exist_ok=True)
    path.write_text(svg + "\n")
    return f'url("img/{path.name}")'


def vendor_noto() -> dict[str, object]:
    version = ""
    for name, ranges in FONTS.items():
        font = ttLib.TTFont(NOTO_SOURCE / f"{name}.ttf", recalcTimestamp=False)  # the same bytes each time
        version = version or str(font["name"].getDebugName(5)).split(";")[0].removeprefix("Version ")
        options = subset.Options(
            flavor="woff2",
            hinting=True,
            layout_features=["kern", "mark", "ccmp", "locl", "tnum"],
            name_IDs=[0, 1, 2, 5, 13],
        )
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
        subsetter.subset(font)
        subset.save_font(font, str(HERE / "noto" / f"{name}.woff2"), options)
    source = "Debian fonts-noto-core, subset by fontTools"
    return _entry("Noto Sans", version, "OFL-1.1", NOTO_LICENCE, source)


def _entry(name: str, version: str, licence: str, licence_file: str, source: str) -> dict[str, object]:
    files = {str(path.relative_to(HERE)): _sha256(path) for path in _files_of(HERE / licence_file)}
    return {
        "name": name,
        "version": version,
        "licence": licence,
        "licence_file": licence_file,
        "source": source,
        "sha256": files,
    }


def _files_of(licence: Path) -> Iterator[Path]:
    return (path for path in sorted(licence.parent.rglob("*")) if path.is_file())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
