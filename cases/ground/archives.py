"""Opening archives from untrusted senders: what they say of their own size is not believed."""

import zipfile
from typing import IO

MEGABYTE = 1024 * 1024
READ_AT_ONCE = MEGABYTE


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    """Opens the file as a ZIP archive; one whose table of contents is longer than a megabyte fails to open."""
    return zipfile.ZipFile(_Sip(file))


class _Sip:
    """Never reads more than READ_AT_ONCE: a table of contents with a million members takes minutes and gigabytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1, /) -> bytes:
        return self.file.read(READ_AT_ONCE if size < 0 else min(size, READ_AT_ONCE))
