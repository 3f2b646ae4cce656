"""Catalogues of criteria, read from two tables: the catalogues themselves, and their criteria."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from cases.ground.search import searchable
from cases.ground.tables import read_table
from cases.registry.models import Catalogue, CatalogueKind, Criterion, Direction, LegalAct
from cases.registry.models.organisations import Language
from workflow.door import Refused
from workflow.terms import legal_date
from workflow.trail.recording import Entry, record

DATA = Path(__file__).parent / "data"
NAMES = tuple(f"{name}_{code}" for name in ("name", "source") for code in Language.values)
TEXTS = tuple(f"text_{code}" for code in Language.values)
CatalogueLine = Mapping[str, str]


@dataclass(frozen=True)
class Loaded:
    """The result of loading: the new versions, and how many catalogues have not changed."""

    new: Sequence[Catalogue]
    same: int


def load_catalogues(
    folder: Path = DATA, *, legal_act: LegalAct | None = None, in_force_from: date | None = None
) -> Loaded:
    """Store each catalogue of the folder as a new version, unless it equals the newest version.

    `catalogues.csv` has the columns code, kind, name_ky, name_ru, name_en, source_ky, source_ru, source_en;
    `criteria.csv` has catalogue, code, parent, direction, text_ky, text_ru, text_en. The first version may come without
    a legal act, a later one may not. Raises Refused, TableError.
    """
    criteria: dict[str, list[CatalogueLine]] = {}
    for line in _lines(folder / "criteria.csv", ["catalogue", "code"]):
        criteria.setdefault(line["catalogue"], []).append(line)
    new, same = [], 0
    with transaction.atomic():
        for line in _lines(folder / "catalogues.csv", ["code", "kind"]):
            own = criteria.get(line["code"], [])
            sha256 = hashlib.sha256(json.dumps([line, own], ensure_ascii=False, sort_keys=True).encode()).hexdigest()
            newest = Catalogue.objects.filter(code=line["code"]).order_by("-version").first()
            if newest is not None and newest.sha256 == sha256:
                same += 1
                continue
            if newest is not None and legal_act is None:
                sentence = _("%(code)s has changed: name the legal act by which the new version is in force.")
                raise Refused(sentence % {"code": line["code"]})
            catalogue = Catalogue(
                code=line["code"],
                version=newest.version + 1 if newest else 1,
                kind=CatalogueKind(line["kind"]),
                legal_act=legal_act,
                in_force_from=in_force_from or legal_date(),
                sha256=sha256,
                **{name: line[name] for name in NAMES},
            )
            new.append(_store(catalogue, own))
    return Loaded(new, same)


def _lines(path: Path, columns: Sequence[str]) -> list[CatalogueLine]:
    return [row.cells for row in read_table(path.name, path.read_bytes(), columns)]


def _store(catalogue: Catalogue, lines: Sequence[CatalogueLine]) -> Catalogue:
    catalogue.save()
    known: dict[str, Criterion] = {}
    for place, line in enumerate(lines, 1):
        if line["parent"] and line["parent"] not in known:
            sentence = _("%(catalogue)s %(code)s belongs under %(parent)s, which is not listed before it.")
            names = {"catalogue": catalogue.code, "code": line["code"], "parent": line["parent"]}
            raise Refused(sentence % names)
        known[line["code"]] = Criterion.objects.create(
            catalogue=catalogue,
            place=place,
            code=line["code"],
            parent=known.get(line["parent"]),
            direction=Direction(int(line["direction"])) if line["direction"] else None,
            search=searchable([line["code"], *(line[name] for name in TEXTS)]),
            **{name: line[name] for name in TEXTS},
        )
    details = {
        "version": catalogue.version,
        "in_force_from": catalogue.in_force_from,
        "criteria": len(lines),
        "sha256": catalogue.sha256,
        "legal_act_id": catalogue.legal_act_id,
    }
    record([Entry(Catalogue.TRAIL_TYPE, catalogue.pk, catalogue.number, "load_catalogue", by=None, details=details)])
    return catalogue
