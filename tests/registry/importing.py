"""What the tests of imports share: tables, previews, and importing them."""

import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.registry.imports.preview import PreviewRow

TREE = """
Code;Kind;institution_type;name_ky;region;languages;parent
F-1;institution;college;Өнөр колледжи;Osh region;ky, ru;u-9
U-9;Institution;university;Үлгү университети;bishkek;;
COL;;;;;;U-9
UNI;;;;;;
"""
PEOPLE = """
email,full_name,post,language,organisation,role,starts,ends
New@Test.example,Нур (test),декан,ru,uni,institution_officer,2026-01-01,
new@test.example,,,,COL,Responsible officer of the institution,01.02.2026,31.12.2030
chynara@test.example,,ректор,,UNI,institution_head,,
"""
ACTS = """
kind,number,date,title_ky,issuer_ky,source_file
law,,2023,“Билим берүү жөнүндө”,,a.txt
Order,5/1,22.12.2023,,Министрлик,a.txt
"""


def as_csv(text: str, name: str = "table.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.strip().encode())


def as_xlsx(*rows: list[Any]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("table.xlsx", file.getvalue())


def counts(new: int = 0, changed: int = 0, asked: int = 0, same: int = 0, wrong: int = 0) -> dict[str, int]:
    return {"new": new, "changed": changed, "asked": asked, "same": same, "wrong": wrong}


def said(line: PreviewRow) -> list[str]:
    return [f"{problem.column}: {problem.sentence}" for problem in line.problems]
