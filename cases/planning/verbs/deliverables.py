"""Preparing a deliverable: its texts, its files, and the expert who prepares it."""

from collections.abc import Mapping
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from cases.ground.storage import received
from cases.planning import reviewing
from cases.planning.experts import why_not_let_in
from cases.planning.models import Deliverable, DeliverableFile, FileKind
from cases.planning.models.deliverables import TEXTS
from cases.registry.models import User
from workflow.door import Refused, amend
from workflow.lifecycles.deliverable import Action
from workflow.roles import Role


def write_texts(deliverable: Deliverable, texts: Mapping[str, str], *, by: User, version: int) -> None:
    """Replace the texts, by language: text_ky, text_ru, text_en. Raises Refused."""
    with amend(deliverable, Action.WRITE, by=by, version=version) as amendment:
        for name in TEXTS:
            setattr(amendment.case, name, texts.get(name, "").strip())


def attach_file(
    deliverable: Deliverable, upload: "UploadedFile[bytes]", *, by: User, kind: str = FileKind.CONTENT
) -> DeliverableFile:
    """Keep a file as part of the deliverable. Raises Refused; then nothing is left."""
    with received(upload) as file, amend(deliverable, Action.ATTACH, by=by) as amendment:
        attached = DeliverableFile.objects.create(deliverable=deliverable, kind=kind, received_from=by, **file.facts())
        amendment.details |= {"file": attached.name, "sha256": attached.sha256, "size": attached.size}
    return attached


def attach_scan(deliverable: Deliverable, upload: "UploadedFile[bytes]", *, by: User) -> DeliverableFile:
    """Keep the scan that came back signed beside the version that was decided on. Raises Refused."""
    with received(upload) as file, amend(deliverable, Action.ATTACH_SCAN, by=by) as amendment:
        facts = {"kind": FileKind.SIGNED_SCAN, "scan_of": amendment.case.submissions, "received_from": by}
        scan = DeliverableFile.objects.create(deliverable=deliverable, **facts, **file.facts())
        amendment.details |= {"file": scan.name, "sha256": scan.sha256, "size": scan.size, "scan_of": scan.scan_of}
    return scan


def detach_file(file: DeliverableFile, *, by: User) -> None:
    """It is no part of the next version; versions that were submitted with it keep it. Raises Refused."""
    with amend(file.deliverable, Action.DETACH, by=by) as amendment:
        removed = DeliverableFile.objects.filter(pk=file.pk, removed_at=None, scan_of=None).update(
            removed_at=amendment.act.at
        )
        if not removed:
            raise Refused(_("This file was removed already."))
        amendment.details |= {"file": file.name, "sha256": file.sha256}


def move_due(deliverable: Deliverable, due: date, reason: str, *, by: User, version: int) -> None:
    """Give one deliverable another date, within its stage. Raises Refused."""
    with amend(deliverable, Action.MOVE_DUE, by=by, version=version, inputs={"reason": reason}) as amendment:
        locked: Deliverable = amendment.case
        last = locked.engagement.stages.get(stage=locked.stage).planned_end
        if due == locked.due:
            raise Refused(_("It is due on that day already."), about="due")
        if due < locked.today:
            raise Refused(_("Name today or a later day."), about="due")
        if due > last:
            sentence = _("The stage ends on %(date)s; move the dates of the stages first.")
            raise Refused(sentence % {"date": f"{last:%d.%m.%Y}"}, about="due")
        locked.due = due
        amendment.details["reason"] = reason.strip()


def name_reviewers(deliverable: Deliverable, reviewers: tuple[User, User], *, by: User, version: int) -> None:
    """The two experts who give their conclusion on it, in their order. Raises Refused."""
    with amend(deliverable, Action.NAME_REVIEWERS, by=by, version=version) as amendment:
        locked: Deliverable = amendment.case
        if not reviewing.is_reviewed(locked):
            raise Refused(_("This deliverable is agreed without a conclusion of experts."))
        first, second = reviewers
        if first == second:
            raise Refused(_("Name two different experts."), about="second")
        for person, place in ((first, "first"), (second, "second")):
            if sentence := reviewing.why_unfit(locked, person):
                raise Refused(sentence, about=place)
        locked.reviewers_before = locked.reviewers
        locked.first_reviewer, locked.second_reviewer = first, second


def name_expert(deliverable: Deliverable, expert: User, *, by: User) -> None:
    """The expert who prepares it; they were given access to the monitoring before. Raises Refused."""
    with amend(deliverable, Action.NAME_EXPERT, by=by) as amendment:
        locked: Deliverable = amendment.case
        if locked.drafter_role != Role.CONTRACTOR_EXPERT:
            raise Refused(_("This deliverable is not prepared by an expert."), about="expert")
        if sentence := why_not_let_in(locked.engagement, expert):
            raise Refused(sentence, about="expert")
        locked.expert = expert
