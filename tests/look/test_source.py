"""The licence's promise: whoever can reach Baikoo can have its source, and nothing else."""

import io
import tarfile
from pathlib import Path

import pytest
from django.conf import settings as project
from django.test import Client
from pytest_django import Settings

from config.source import archive, source_url
from config.version import commit, version

pytestmark = pytest.mark.django_db


def test_everyone_gets_the_source_without_signing_in(client: Client) -> None:
    page = client.get("/login/").content.decode()
    assert 'href="/source/"' in page
    response = client.get("/source/")
    assert response["Content-Disposition"] == f'attachment; filename="baikoo-{version()}.tar.gz"'
    with tarfile.open(fileobj=io.BytesIO(response.content)) as tar:
        names = tar.getnames()
    assert f"baikoo-{version()}/workflow/door.py" in names
    for name in ("LICENSE", "CONTRIBUTING.md", ".pre-commit-config.yaml", ".editorconfig", ".ci/run"):
        assert f"baikoo-{version()}/{name}" in names


def test_settings_data_and_keys_beside_the_code_stay_out(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "pyproject.toml").write_text((project.BASE_DIR / "pyproject.toml").read_text())
    for name in ("config/settings.py", "config/.env", ".env", "var/evidence/secret.pdf", "config/__pycache__/x.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    settings.BASE_DIR = tmp_path
    archive.cache_clear()
    with tarfile.open(fileobj=io.BytesIO(archive())) as tar:
        files = {member.name.split("/", 1)[1] for member in tar.getmembers() if member.isfile()}
    archive.cache_clear()
    assert files == {"pyproject.toml", "config/settings.py"}


def test_a_published_commit_is_linked_instead(settings: Settings) -> None:
    settings.SOURCE_URL = "https://code.example/baikoo/tree/{commit}"
    assert source_url() == f"https://code.example/baikoo/tree/{commit()}"
