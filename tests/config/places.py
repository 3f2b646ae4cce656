"""Where the tests of the start-up run: folders that an unprivileged server may enter, whoever runs the tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def open_folder(prefix: str = "baikoo-test-") -> Iterator[Path]:
    """pytest's own folders are closed to other users, and root has to run PostgreSQL as another user."""
    folder = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def plain_environment(**variables: str) -> dict[str, str]:
    """That of a newcomer: nothing of Baikoo is set."""
    ours = {"DATABASE_URL", "OWNER_DATABASE_URL", "WEB_ROLE", "DEBUG", "HTTPS", "SECRET_KEY", "SITE_URL", "MAKELEVEL"}
    return {name: value for name, value in os.environ.items() if name not in ours} | variables
