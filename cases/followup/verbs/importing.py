"""Importing a document: its items become drafts, one for each institution addressed, all or none."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from cases.followup.models import Recommendation, SourceDocument
from cases.followup.verbs.drafting import Draft, draft_each
from cases.registry.models import Organisation, User


@dataclass(frozen=True)
class DocumentFacts:
    """The facts by which a source document is recognised."""

    kind: str
    title: str
    number: str = ""
    date: "datetime.date | None" = None
    issuer: str = ""


def import_items(
    facts: DocumentFacts, items: Sequence[tuple[Draft, Sequence[Organisation]]], *, by: User
) -> list[Recommendation]:
    """Draft each item once for each of its institutions. What the document already has is left as it is.

    Raises Refused, and then nothing is stored.
    """
    with transaction.atomic():
        source = _source(facts, items[0][0].department)
        present = set(source.recommendations.values_list("item", "institution_id"))
        fresh = [draft for draft in _split(items, source) if (draft.item, draft.institution.pk) not in present]
        return draft_each(fresh, by=by)


def present_items(facts: DocumentFacts, department: Organisation) -> dict[tuple[str, int], str]:
    """(item, institution id) -> number of what the document already has."""
    source = SourceDocument.objects.filter(department=department, **_named(facts)).first()
    if source is None:
        return {}
    rows = source.recommendations.values_list("item", "institution_id", "number")
    return {(item, institution): number for item, institution, number in rows}


def _source(facts: DocumentFacts, department: Organisation) -> SourceDocument:
    """The document, locked, so that two people importing it at once do not both draft its items."""
    source, _new = SourceDocument.objects.get_or_create(
        department=department, **_named(facts), defaults={"issuer": facts.issuer}
    )
    # The lock does not stop rows that only refer to the document: who writes them may hold the series of numbers.
    return SourceDocument.objects.select_for_update(no_key=True).get(pk=source.pk)


def _split(items: Sequence[tuple[Draft, Sequence[Organisation]]], source: SourceDocument) -> Iterator[Draft]:
    for draft, institutions in items:
        for institution in institutions:
            yield replace(draft, institution=institution, source=source)


def _named(facts: DocumentFacts) -> dict[str, object]:
    return {"kind": facts.kind, "title": facts.title, "number": facts.number, "date": facts.date}
