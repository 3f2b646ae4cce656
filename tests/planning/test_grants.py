"""Experts see a monitoring by a grant alone: everywhere, at once, and no longer than it stands."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.planning.models import Deliverable, Engagement
from cases.planning.verbs import attach_file, give_access, name_expert, withdraw_access
from tests.cast import Cast
from tests.conftest import Opened
from tests.factories import CONTENT
from tests.kinds.engagements import make_engagement
from tests.kinds.written import make_finding
from tests.planning.pages import page
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State
from workflow.models import Expectation

pytestmark = pytest.mark.django_db


def counted(client: Client) -> dict[str, str]:
    """What the inbox counts, which is as many as it shows."""
    shown = {}
    for name, query in (("mine", "/"), ("waiting", "/?show=waiting")):
        answer = client.get(query)
        assert answer.context["rows"].count("<tr>") == int(answer.context["counts"][name])
        shown[name] = answer.context["counts"][name]
    return shown


def test_the_inbox_counts_for_an_expert_what_it_shows(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.CONCLUSIONS)
    make_engagement(cast, State.PREPARATION)
    assert counted(at(cast.expert)) == {"mine": "2", "waiting": "3"}
    withdraw_access(engagement, cast.expert, by=cast.lead)
    assert counted(at(cast.expert)) == {"mine": "0", "waiting": "1"}
    assert engagement.number not in page(at(cast.expert), "/?show=waiting")
    give_access(engagement, cast.expert, by=cast.lead)
    assert counted(at(cast.expert)) == {"mine": "2", "waiting": "3"}


def of_expert(cast: Cast, engagement: Engagement) -> Deliverable:
    """A conclusion that the expert prepares by name."""
    deliverable = Deliverable.objects.filter(engagement=engagement, row__kind="expert_conclusion").earliest("pk")
    name_expert(deliverable, cast.expert, by=cast.lead)
    return deliverable


def owing(number: str) -> tuple[str, str]:
    """The role that owes what is open, and the person."""
    row = Expectation.objects.open().get(number=number)
    return row.role, str(row.assignee or "")


def test_what_a_locked_out_expert_prepares_is_nobodys_by_name(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.CONCLUSIONS)
    deliverable, finding = of_expert(cast, engagement), make_finding(cast, engagement)
    assert owing(deliverable.number) == ("contractor_expert", "Kunduz (test)")
    assert owing(finding.number) == ("contractor_expert", "Kunduz (test)")
    lead, address = at(cast.lead), f"/engagements/{engagement.number}/experts/{cast.expert.pk}/remove/"
    shown = page(lead, address)
    assert f"{deliverable.number} Conclusion (test)" in shown
    assert f"{finding.number} The programmes are out of date (test)" in shown
    assert lead.post(address).status_code == 302
    deliverable.refresh_from_db()
    assert deliverable.expert is None
    assert owing(deliverable.number) == ("contractor_expert", "")
    assert owing(finding.number) == ("contractor_lead", "")
    finding.refresh_from_db()
    perform(finding, "propose", by=cast.lead)
    with pytest.raises(Refused, match="Give Kunduz \\(test\\) access to the monitoring first"):
        name_expert(deliverable, cast.expert, by=cast.lead)
    give_access(engagement, cast.expert, by=cast.lead)
    name_expert(deliverable, cast.expert, by=cast.lead)


def test_a_draft_is_the_experts_again_who_is_let_in_again(cast: Cast) -> None:
    engagement = make_engagement(cast, State.ANALYSIS)
    finding = make_finding(cast, engagement)
    withdraw_access(engagement, cast.expert, by=cast.head)
    assert owing(finding.number) == ("contractor_lead", "")
    give_access(engagement, cast.expert, by=cast.lead)
    assert owing(finding.number) == ("contractor_expert", "Kunduz (test)")


@pytest.mark.parametrize("by", ["lead", "head"])
def test_a_grant_opens_every_page_at_once_and_its_end_closes_them(cast: Cast, at: Opened, by: str) -> None:
    engagement = make_engagement(cast, State.CONCLUSIONS)
    deliverable, finding = of_expert(cast, engagement), make_finding(cast, engagement)
    file = attach_file(deliverable, SimpleUploadedFile("seen.pdf", CONTENT), by=cast.expert)
    number = engagement.number
    doors = [
        f"/engagements/{number}/", f"/engagements/{number}/calendar/", f"/deliverables/{deliverable.number}/",
        f"/deliverables/{deliverable.number}/files/{file.pk}/", f"/deliverables/{deliverable.number}/compare/",
        f"/deliverables/{deliverable.number}/act/submit/", f"/findings/{finding.number}/",
        f"/findings/{finding.number}/edit/",
    ]  # fmt: skip
    lists = [
        "/", "/engagements/", "/engagements/?title=engineering", "/engagements/export.csv",
        "/deliverables/", "/deliverables/export.csv", "/findings/", "/findings/?direction=1",
        "/findings/export.csv", "/?show=waiting",
    ]  # fmt: skip

    def seen() -> tuple[set[int], set[bool]]:
        """What the doors answer, and whether the lists name the monitoring."""
        client = at(cast.expert)
        names = (number, finding.number)
        return {client.get(door).status_code for door in doors}, {
            any(name in read(client, address) for name in names) for address in lists
        }

    remover, remove = at(getattr(cast, by)), f"/engagements/{number}/experts/{cast.expert.pk}/remove/"
    assert seen() == ({200}, {True})
    assert remover.post(remove).status_code == 302
    assert seen() == ({404}, {False})
    assert at(cast.lead).post(f"/engagements/{number}/experts/add/", {"expert": cast.expert.pk}).status_code == 302
    assert seen() == ({200}, {True})
    assert at(cast.expert).get("/trail/").status_code == 404


def read(client: Client, address: str) -> str:
    """What a page or a file says."""
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
