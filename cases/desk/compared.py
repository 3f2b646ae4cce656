"""Whether comments and documents are what the trail tells of them: compared with every verification of the trail."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_noop

from cases.desk.models import Comment, Document
from cases.desk.talking import COMMENT, COMMENT_INTERNAL, DOCUMENT
from workflow.case import Case, case_types
from workflow.trail.belonging import Belonging, Written
from workflow.trail.findings import TrailFault, add
from workflow.trail.replaying import Row

SENTENCES = {
    "comments_differ": gettext_noop("%(number)s: its comments are not those that were written."),
    "documents_differ": gettext_noop("%(number)s: its documents are not those that were added."),
}


def join() -> None:
    """Every verification of the trail compares comments and documents."""
    add(findings, SENTENCES)


def findings(parts: int | None = None) -> Iterator[TrailFault]:
    for case_type in case_types().values():
        yield from _comments(case_type).findings(parts)
        yield from _documents(case_type).findings(parts)


def _comments(case_type: type[Case]) -> Belonging:
    return Belonging(
        "comments_differ",
        case_type,
        Comment,
        key="subject_id",
        of={"subject_type": case_type.CASE_TYPE},
        columns=("is_internal", "text", "written_by_id"),
        actions=(COMMENT, COMMENT_INTERNAL),
        facts=_comment,
    )


def _comment(event: Written) -> Sequence[Row]:
    """Who wrote it, and for whom, is known even where its text was erased."""
    facts = {"is_internal": event.action == COMMENT_INTERNAL, "written_by_id": event.actor_id}
    return [{**facts, **_named(event, "text")}]


def _documents(case_type: type[Case]) -> Belonging:
    return Belonging(
        "documents_differ",
        case_type,
        Document,
        key="subject_id",
        of={"subject_type": case_type.CASE_TYPE},
        columns=("name", "sha256", "size", "received_from_id"),
        actions=(DOCUMENT,),
        facts=_document,
    )


def _document(event: Written) -> Sequence[Row]:
    file = _named(event, "file", "sha256", "size")
    facts = {("name" if name == "file" else name): value for name, value in file.items()}
    return [{"received_from_id": event.actor_id, **facts}]


def _named(event: Written, *names: str) -> Row:
    """Those of these details that the event holds."""
    details = event.details or {}
    return {name: details[name] for name in names if name in details}
