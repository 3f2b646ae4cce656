"""Files that the tests send: honest ones, liars, broken and oversized ones."""

import io
import struct
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.ground.contents import TYPES

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 30
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 30
PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff" + b"\0" * 200
BOUNDARY = "----of-the-tests"


def office(ending: str, *, kind: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    """The least that a file of an office program has; `kind` says otherwise what it is."""
    main = f"{kind or TYPES[ending]}.main+xml"
    types = f'<Types><Override PartName="/x.xml" ContentType="{main}"/></Types>'.encode()
    return archive({"[Content_Types].xml": types, "x.xml": b"<x/>", **(extra or {})})


def open_document(ending: str) -> bytes:
    return archive({"mimetype": TYPES[ending].encode(), "content.xml": b"<x/>"})


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return buffer.getvalue()


def bomb(ending: str) -> bytes:
    """A small file that says it unpacks to more than a gigabyte."""
    content = office(ending, extra={"x.bin": b""})
    place = content.rindex(b"PK\x01\x02")
    return content[: place + 24] + struct.pack("<I", 1_500_000_000) + content[place + 28 :]


def deep_bomb(ending: str) -> bytes:
    """The table of contents itself, as the archive tells it, would unpack to megabytes of a kind without bounds."""
    return archive({"[Content_Types].xml": b"\0" * 30_000_000, "mimetype": b"\0" * 30_000_000}, zipfile.ZIP_LZMA)


def endless_contents(ending: str) -> bytes:
    """The end record announces a table of contents of four gigabytes."""
    content = office(ending)
    place = content.rindex(b"PK\x05\x06")
    return content[: place + 12] + struct.pack("<I", 0xFFFF_FFF0) + content[place + 16 :]


def upload(name: str = "report.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send_raw(client: Client, url: str, name: str, content: bytes = PDF, **headers: Any) -> Any:
    """Send one file under exactly this name, as no browser would."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="note"\r\n\r\nThe typed note\r\n--{BOUNDARY}\r\n'
    head += f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    return client.generic("POST", url, body, content_type=f"multipart/form-data; boundary={BOUNDARY}", **headers)
