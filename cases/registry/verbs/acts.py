"""Adding, changing and deactivating legal acts, with their files."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.uploadedfile import UploadedFile

from cases.ground.storage import received
from cases.registry.models import LegalAct, User
from cases.registry.verbs.recording import Action, Step, change, check, registrar, switch, trimmed, write


def add_act(*, by: User, upload: "UploadedFile[bytes] | None" = None, **fields: object) -> LegalAct:
    """Raises Refused; then no file is left."""
    right = registrar(by)
    with _kept(upload) as file:
        act = LegalAct(**trimmed(fields), **file)
        check(act)
        write([Step(act, Action.ADD_ACT)], right)
    return act


def change_act(
    act: LegalAct, *, by: User, seen: str = "", upload: "UploadedFile[bytes] | None" = None, **fields: object
) -> LegalAct:
    """A new file takes the old one's place in the registry. Raises Refused (Stale); then no new file is left."""
    registrar(by)
    with _kept(upload) as file:
        return change(act, {**fields, **file}, action=Action.CHANGE_ACT, by=by, seen=seen)


def deactivate_act(act: LegalAct, *, by: User, reason: str) -> None:
    """Raises Refused."""
    switch(act, to=False, action=Action.DEACTIVATE_ACT, by=by, reason=reason)


def reactivate_act(act: LegalAct, *, by: User) -> None:
    """Raises Refused."""
    switch(act, to=True, action=Action.REACTIVATE_ACT, by=by)


@contextmanager
def _kept(upload: "UploadedFile[bytes] | None") -> Iterator[dict[str, object]]:
    """The columns of the uploaded file, if there is one; it is removed again when the block fails."""
    if upload is None:
        yield {}
        return
    with received(upload) as file:
        yield {
            "file_name": file.name,
            "file_path": file.path,
            "file_type": file.content_type,
            "file_size": file.size,
            "file_sha256": file.sha256,
        }
