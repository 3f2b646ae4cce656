"""Installing packages shows how many there are, how many came, and what went wrong."""

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

from config.install import PIP, Installation, install
from config.progress import Progress
from tests.config.places import ROOT

LOCK = """\
amqp==5.4.2 \\
    --hash=sha256:0000
celery[redis]==5.7.0
colorama==0.4.6 ; sys_platform == 'win32'
    # via click
"""


def make_wheel(folder: Path, name: str) -> str:
    """The smallest package there is; gives its line of a lock file."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", "")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def command(folder: Path) -> list[str]:
    return [*PIP, "--no-index", "--find-links", str(folder), "--target", str(folder / "site")]


def test_the_packages_of_a_lock_file_are_counted_as_they_come(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(LOCK)
    installation = Installation(tmp_path / "lock", tmp_path)
    assert str(installation) == "0 of 3 packages fetched (asking the index)"
    for line in (
        "Ignoring colorama: markers 'sys_platform == \"win32\"' don't match your environment",
        "Collecting amqp==5.4.2 (from -r lock (line 1))",
        "  Downloading amqp-5.4.2-py3-none-any.whl (50 kB)",
        "Requirement already satisfied: celery==5.7.0 in ./site",
    ):
        installation.read(line)
    assert str(installation) == "2 of 2 packages fetched (celery)"
    (tmp_path / "amqp-5.4.2.dist-info").mkdir()
    assert str(installation) == "1 of 2 packages installed"


def test_packages_are_installed_and_their_number_and_time_said(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text(make_wheel(tmp_path, "first") + make_wheel(tmp_path, "second"))
    out = io.StringIO()
    assert install(lock, command(tmp_path), tmp_path / "site", Progress(out, lambda: 0)) == 0
    assert {folder.name for folder in (tmp_path / "site").iterdir()} == {"first-1.0.dist-info", "second-1.0.dist-info"}
    assert out.getvalue() == "Installed 2 packages in 0 s.\n"


def test_what_went_wrong_is_shown(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text(make_wheel(tmp_path, "first").replace("sha256:", "sha256:00")[:-3])
    out = io.StringIO()
    assert install(lock, command(tmp_path), tmp_path / "site", Progress(out, lambda: 0)) != 0
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in out.getvalue()
    assert "Installed" not in out.getvalue()


def test_it_needs_nothing_but_python() -> None:
    needed = {"config", "config.install", "config.progress"}
    code = "import sys; before = set(sys.modules); import config.install; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded - {"config"} <= set(sys.stdlib_module_names)
    assert needed <= set(done.stdout.split())
