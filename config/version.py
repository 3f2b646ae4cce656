"""Which Baikoo this is: its version and the commit it runs from."""

import subprocess
import tomllib
from functools import cache

from django.conf import settings

from config import environment


@cache
def version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


@cache
def commit() -> str:
    """The full hash: from COMMIT, else from git; empty when neither knows it."""
    named = environment.text("COMMIT")
    if named:
        return named
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 - wherever git is installed
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""
