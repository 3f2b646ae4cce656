"""What the page of a deliverable shows of it: its texts and files as they are now, and its versions."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.desk.kinds import Section, SignedPaper
from cases.ground.templatetags.baikoo import day
from cases.planning.joining import OPEN
from cases.planning.models import Deliverable, DeliverableFile
from cases.planning.models.deliverables import TEXTS
from cases.planning.papers.filling import has_paper
from cases.planning.reviewing import is_reviewed
from cases.planning.sections.lines import table_of
from cases.registry.models import User
from cases.registry.models.organisations import Language
from workflow.lifecycles.deliverable import State
from workflow.texts import Text

ADDED: list[Section[Deliverable]] = []
"""What rooms above planning show among the contents; nothing where the context is empty."""


def contents(deliverable: Deliverable, reader: User) -> Mapping[str, object]:
    """The texts in the languages in which there are any, the files, and the submitted versions."""
    labels = dict(zip(TEXTS, Language.choices, strict=True))
    return {
        "texts": [
            (labels[name][1], labels[name][0], getattr(deliverable, name))
            for name in TEXTS
            if getattr(deliverable, name)
        ],
        "files": deliverable.files_now(),
        "table": table_of(deliverable),
        "has_paper": has_paper(deliverable),
        "misfits": deliverable.misfits() if deliverable.state in OPEN else (),
        "versions": list(deliverable.versions.select_related("submitted_by")),
        "is_reviewed": is_reviewed(deliverable),
        "is_draft": deliverable.state == State.DRAFT,
        "is_left_out": deliverable.state == State.LEFT_OUT,
        "added": [
            {"template": section.template, "context": context}
            for section in ADDED
            if (context := section.context(deliverable, reader))
        ],
    }


def list_links(reader: User) -> Sequence[tuple[str, str]]:
    """What leads on from the list of deliverables."""
    return [(_("List of deliverables"), reverse("stages_in_force"))]


def signed(deliverable: Deliverable) -> Mapping[int, Sequence[SignedPaper]]:
    """The scans that came back signed, by the number of the version."""
    return {number: [_paper(deliverable, file) for file in files] for number, files in deliverable.scans().items()}


def _paper(deliverable: Deliverable, file: DeliverableFile) -> SignedPaper:
    url = reverse("deliverable_file", args=[deliverable.number, file.pk])
    return SignedPaper(file.name, url, file.sha256, file.received_from, file.received_at)


def facts(deliverable: Deliverable) -> Sequence[tuple[Text, object]]:
    engagement = deliverable.engagement
    known = [
        (_("Monitoring"), f"{engagement.number} {engagement.title}"),
        (_("Stage"), deliverable.get_stage_display()),
        (_("Prepared by"), deliverable.who_drafts()),
        (_("Conclusion of experts"), ", ".join(map(str, deliverable.reviewers))),
        (_("Asked for on"), day(deliverable.asked_on)),
        (_("Due"), day(deliverable.due)),
        (_("Required"), _("yes") if deliverable.is_required else _("no")),
        (_("Times submitted"), deliverable.submissions),
        (_("Why it is left out"), deliverable.left_out_reason),
        (_("Regulation"), deliverable.row.regulation),
    ]
    return [(label, value) for label, value in known if value]
