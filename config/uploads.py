"""How uploaded files reach a page: bounded, in nameless temporary files, a full disk reported in a sentence."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest

from cases.ground.storage import SIZE_LIMIT, disk_sentence, too_large

IN_MEMORY = 1024 * 1024
FIELDS = 5 * 1024 * 1024
"""Bytes that the other fields of a form and the frame of the request may take."""
READ_TO_THE_END = 4 * SIZE_LIMIT
"""A request up to this size is read (and thrown away), so that the browser waits for the answer and shows it."""


class Receiver(FileUploadHandler):
    """Takes the files of one request, together no larger than the limit, of people who are signed in.

    What is not taken is left out, and `request.upload_refusal` says why; the form's other fields arrive all the same.
    `request.upload_fields` names the fields that came with a file.
    The temporary files have no name, so that a process that is killed leaves nothing behind.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.announced = self.taken = 0
        self.fields: list[str] = []
        self.file: IO[bytes] = BytesIO()

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.announced = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.fields.append(str(self.field_name))
        self.request.upload_fields = self.fields  # type: ignore[union-attr]
        self.file = BytesIO()  # Django closes it on refusal; the one before belongs to the form already.
        if not self._is_signed_in():
            self._refuse("")
        if self.announced > SIZE_LIMIT + FIELDS:
            self._refuse(too_large())
        folder = Path(settings.EVIDENCE_DIR) / "incoming"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.file = SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(folder))  # noqa: SIM115
        except OSError as error:
            self._refuse(disk_sentence(error))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        if self.taken > SIZE_LIMIT:
            self._refuse(too_large())
        try:
            self.file.write(raw_data)
            self.file.flush()  # Flushed now, because an error in writing the last bytes would later reach nobody.
        except OSError as error:
            self._refuse(disk_sentence(error))

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self.file.seek(0)
        return UploadedFile(self.file, self.file_name, self.content_type, file_size, self.charset)

    def _is_signed_in(self) -> bool:
        """A database that is away is noticed by the page; here it must not cost the form's other fields."""
        try:
            user = getattr(self.request, "user", None)
            return bool(user and user.is_authenticated)
        except DatabaseTrouble:
            return False

    def _refuse(self, sentence: str) -> NoReturn:
        self.request.upload_refusal = sentence  # type: ignore[union-attr]
        with suppress(OSError):
            self.file.close()
        self.file = BytesIO()
        if self.announced > READ_TO_THE_END:
            raise StopUpload(connection_reset=True)
        raise SkipFile
