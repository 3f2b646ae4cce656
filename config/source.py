"""Hands out the source of the running Baikoo, as its licence asks, to everyone who can reach it."""

import io
import tarfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from config.version import commit, version

HIDDEN = (".ci", ".editorconfig", ".pre-commit-config.yaml")
PUBLISHED = (
    *("workflow", "cases", "notifications", "config", "templates", "tests", "static", "locale", "docs", "bench"),
    *("manage.py", "pyproject.toml", "requirements.lock", "requirements-dev.lock", "Makefile"),
    *("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE", *HIDDEN),
)
"""What is handed out. Listed by name, so that settings, data and keys next to the code are never handed out."""


def source_url() -> str:
    """Where the running commit is published; where nobody said so, Baikoo itself hands it out."""
    return settings.SOURCE_URL.replace("{commit}", commit()) or reverse("source")


@login_not_required
@require_GET
def source(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(archive(), content_type="application/gzip")
    response["Content-Disposition"] = f'attachment; filename="baikoo-{version()}.tar.gz"'
    return response


@cache
def archive() -> bytes:
    """A tar.gz of the code on the disk, made once per process."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name in PUBLISHED:
            path = settings.BASE_DIR / name
            if path.exists():
                tar.add(path, f"baikoo-{version()}/{name}", filter=_only_source)
    return packed.getvalue()


def _only_source(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    name = Path(member.name).name
    skipped = name == "__pycache__" or name.endswith(".pyc") or (name.startswith(".") and name not in HIDDEN)
    return None if skipped or not (member.isfile() or member.isdir()) else member
