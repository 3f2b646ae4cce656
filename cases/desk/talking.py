"""Comments on a case and its documents: right, row and trail in one step."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from cases.desk.models import Comment, Document
from cases.ground.storage import received
from cases.registry.models import User
from workflow.case import Case
from workflow.door import Refused, amend, remark

COMMENT, COMMENT_INTERNAL, DOCUMENT = "comment", "comment_internal", "document"
"""The verbs by which a kind takes comments and documents."""


def comment(case: Case, text: str, *, by: User, is_internal: bool) -> Comment:
    """Add a comment; an internal one is for those who see the case from its beginning. Raises Refused."""
    if not text.strip():
        raise Refused(_("Write the comment."))
    with remark(case, COMMENT_INTERNAL if is_internal else COMMENT, by=by) as remarked:
        written = Comment.objects.create(
            subject_type=case.CASE_TYPE,
            subject_id=case.pk,
            text=text.strip(),
            is_internal=is_internal,
            written_by=by,
        )
        remarked.details["text"] = written.text
    return written


def add_document(
    case: Case, upload: "UploadedFile[bytes]", *, by: User, note: str = "", replaces: Document | None = None
) -> Document:
    """Keep a file with the case; of a replaced one the older version stays. Raises Refused; then nothing is left."""
    with received(upload) as file, amend(case, DOCUMENT, by=by) as amendment:
        if replaces and (replaces.subject_type, replaces.subject_id) != (case.CASE_TYPE, case.pk):
            raise Refused(_("This file belongs to another case."))
        if replaces and Document.objects.filter(replaces=replaces).exists():
            raise Refused(_("That file has a newer version already."))
        document = Document.objects.create(
            subject_type=case.CASE_TYPE,
            subject_id=case.pk,
            replaces=replaces,
            version=replaces.version + 1 if replaces else 1,
            note=note.strip(),
            received_from=by,
            **file.facts(),
        )
        amendment.details |= {"file": document.name, "sha256": document.sha256, "size": document.size}
    return document
