"""The pages of monitorings and deliverables: who sees what, what is typed, what is found."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.planning.models import Deliverable, Engagement
from cases.planning.stages import load_stages
from cases.planning.verbs import (
    attach_file,
    detach_file,
)
from tests.cast import Cast
from tests.conftest import Opened
from tests.factories import CONTENT
from tests.kinds.engagements import make_engagement, submit
from tests.kinds.planning import make_plan
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State
from workflow.lifecycles.plan_schedule import State as PlanState

pytestmark = pytest.mark.django_db


def test_institutions_see_no_deliverable_and_no_contract(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    page = at(cast.rector).get(f"/engagements/{engagement.number}/").content.decode()
    assert "Engineering (test)" in page
    for secret in ("1500000", "1,500,000", "7/", "Calendar plan (test)", "Kunduz"):
        assert secret not in page
    assert Deliverable.objects.visible_to(cast.rector).count() == 0
    assert at(cast.rector).get(f"/deliverables/{engagement.number}-01/").status_code == 404


def test_a_monitoring_is_planned_on_its_page(cast: Cast, at: Opened) -> None:
    load_stages()
    item = make_plan(cast, PlanState.IN_FORCE).items.get()
    client = at(cast.coordinator)
    assert f"?item={item.pk}" in client.get("/engagements/new/").content.decode()
    form = client.get(f"/engagements/new/?item={item.pk}").context["form"]
    sent = {name: form.initial[name] for name in ("title", "goal", "kind", "levels", "directions", "institutions")}
    sent |= {"legal_basis": item.legal_basis_id, "version": 0}
    bad = client.post(f"/engagements/new/?item={item.pk}", {**sent, "directions": []})
    assert bad.status_code == 422
    assert "Choose at least one direction." in bad.content.decode()
    assert Engagement.objects.count() == 0
    answer = client.post(f"/engagements/new/?item={item.pk}", sent)
    assert answer.headers["Location"] == "/engagements/E-2026-00001/"
    assert client.post(f"/engagements/new/?item={item.pk}", sent).status_code == 404


def test_two_versions_are_compared_and_files_of_earlier_ones_stay(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    plan = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    file = attach_file(plan, SimpleUploadedFile("plan.pdf", CONTENT), by=cast.lead)
    submit(cast, plan)
    perform(plan, "send_back", by=cast.coordinator, reason="Another file (test).")
    detach_file(file, by=cast.lead)
    with pytest.raises(Refused, match="This file was removed already."):
        detach_file(file, by=cast.lead)
    client = at(cast.lead)
    page = client.get(f"/deliverables/{plan.number}/compare/").content.decode()
    assert "plan.pdf" in page
    answer = client.get(f"/deliverables/{plan.number}/files/{file.pk}/")
    assert b"".join(answer.streaming_content) == CONTENT  # type: ignore[attr-defined]
    assert at(cast.rector).get(f"/deliverables/{plan.number}/files/{file.pk}/").status_code == 404


def test_lists_are_narrowed(cast: Cast, at: Opened) -> None:
    main = make_engagement(cast, State.PREPARATION)
    pilot = make_engagement(cast, title="Medicine (test)", kind="pilot")
    client = at(cast.coordinator)

    def listed(query: str) -> set[str]:
        page = client.get(f"/engagements/?{query}").content.decode()
        return {engagement.number for engagement in (main, pilot) if engagement.number in page}

    assert listed("") == {main.number, pilot.number}
    assert listed("q=medic") == listed("kind=pilot") == listed("state=planned") == {pilot.number}
    page = client.get("/deliverables/?stage=collection").content.decode()
    assert f"{main.number}-01" not in page
    assert f"{main.number}-01" in client.get("/deliverables/?stage=preparation").content.decode()


def test_a_monitoring_and_its_deliverables_lead_to_one_another(cast: Cast, at: Opened) -> None:
    engagement, other = make_engagement(cast, State.COLLECTION), make_engagement(cast, State.PREPARATION)
    address = f"/deliverables/?engagement={engagement.number}"
    for who in (cast.coordinator, cast.leader, cast.lead, cast.expert):
        client = at(who)
        assert f'href="{address}"' in client.get(engagement.get_absolute_url()).content.decode()
        listed = client.get(address)
        numbers = {line.case.number for line in listed.context["lines"]}
        assert numbers == {row.number for row in Deliverable.objects.filter(engagement=engagement)}
        page = client.get(f"/deliverables/{engagement.number}-01/").content.decode()
        assert f'href="{engagement.get_absolute_url()}"' in page
    assert other.number not in listed.content.decode().partition("<tbody>")[2]
    assert "/deliverables/?" not in at(cast.rector).get(engagement.get_absolute_url()).content.decode()
