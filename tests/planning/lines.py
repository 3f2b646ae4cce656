"""Lines as people type them, and how the tests add and read them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from cases.planning.models import Deliverable, Engagement

ITEM = {
    "name": "Printing of forms (test)",
    "unit": "copy",
    "quantity": "1 500",
    "price": "12,35",
    "source_of_finance": "State budget (test)",
    "year": "2099",
}
ENTRY = {
    "kind": "visit",
    "title": "First visit (test)",
    "starts": "05.02.2099",
    "ends": "07.02.2099",
    "institution": "uni",
    "responsible": "A. Asanov",
}
MEMBER = {"full_name": "A. Asanova (test)", "organisation": "Academy", "duty": "analysis", "direction": "4"}
PROPOSAL = {
    "proposal": "Look at the practical training (test).",
    "direction": "5",
    "institution": "uni",
    "area": "",
    "grounds": "Half of the graduates find no work (test).",
}
LINES = {"cost_estimate": ITEM, "calendar_plan": ENTRY, "national_team": MEMBER, "proposals": PROPOSAL}


def of_kind(engagement: Engagement, kind: str) -> Deliverable:
    return Deliverable.objects.get(engagement=engagement, row__kind=kind)


def address(name: str, deliverable: Deliverable, *more: object) -> str:
    return reverse(name, args=[deliverable.number, *more])


def add(client: Client, deliverable: Deliverable, **typed: object) -> Any:
    deliverable.refresh_from_db()
    facts = {**LINES[deliverable.row.kind], "version": deliverable.version, **typed}
    return client.post(address("line_add", deliverable), facts, follow=True)


def lines_of(deliverable: Deliverable) -> list[dict[str, str]]:
    return [line.contents() for line in Deliverable.objects.get(pk=deliverable.pk).lines_now()]
