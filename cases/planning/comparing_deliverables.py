"""Two versions of a deliverable: what its texts, its files and its lines said before and say now."""

from collections.abc import Mapping, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.ground.differences import passages
from cases.ground.templatetags.baikoo import moment
from cases.planning.comparing import DAYS, Version, changes, chosen, with_present, written_day
from cases.planning.models import Deliverable, FileKind, Line
from cases.planning.models.deliverables import TEXTS


def versions_of(deliverable: Deliverable) -> list[Version]:
    """The oldest first, and what it says now where that is something else."""
    versions = [
        Version(
            str(version.number),
            _("version %(version)d of %(at)s") % {"version": version.number, "at": moment(version.submitted_at)},
            version.read(),
        )
        for version in deliverable.versions.all()
    ]
    return with_present(versions, deliverable, _("as it is now"))


def compared(deliverable: Deliverable, versions: Sequence[Version], left: str, right: str) -> dict[str, object]:
    """The two that were asked for, or the last two: texts, then files, then lines."""
    old, new = chosen(versions, left, right)
    texts = [
        (_text_label(name), name.removeprefix("text_"), list(passages(old.contents[name], new.contents[name])))
        for name in TEXTS
        if old.contents[name] != new.contents[name]
    ]
    parts = [(_("Files"), list(changes(old.contents["files"], new.contents["files"], "name", _file)))]
    model = deliverable.line_model
    if model is not None:
        lines = changes(old.contents["lines"], new.contents["lines"], model.NAMED_BY, lambda line: _line(model, line))
        parts.append((str(model._meta.verbose_name_plural), list(lines)))
    return {"left": old, "right": new, "texts": texts, "parts": [part for part in parts if part[1]]}


def _text_label(name: str) -> str:
    return str(capfirst(str(getattr(Deliverable._meta.get_field(name), "verbose_name", name))))


def _file(file: Mapping[str, str]) -> dict[str, str]:
    """What of a file can differ, in the reader's language."""
    return {_("What it is"): str(FileKind(file["kind"]).label), "SHA-256": file["sha256"]} if file else {}


def _line(model: type[Line], line: Mapping[str, str]) -> dict[str, str]:
    """Label -> what the line says, in the reader's language."""
    return {
        model.label(name): written_day(value) if name in DAYS else str(model.words(name).get(value, value))
        for name in model.COLUMNS
        if (value := line.get(name, ""))
    }
