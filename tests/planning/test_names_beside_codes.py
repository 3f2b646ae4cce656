"""Forms in which people write codes of the registry: each code is shown with the name that it stands for."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.planning.forms.institutions import MOST_TEXT, SHOWN, InstitutionsField, institutions_of, known_in
from cases.planning.models import Deliverable, ProposalLine
from cases.registry.models import Organisation, OrganisationKind, ProgrammeArea
from tests.cast import Cast
from tests.conftest import Opened
from tests.followup.draft_forms import school
from tests.kinds.engagements import make_engagement
from tests.kinds.planning import make_plan
from tests.planning.lines import add, address, of_kind
from tests.planning.pages import page
from workflow.lifecycles.engagement import State

pytestmark = pytest.mark.django_db
BOTH = "UNI – UNI (test)\nCOL – COL (test)"


@pytest.mark.parametrize(
    "typed",
    [
        "UNI\nCOL",
        "uni – whatever stands here\n\n COL – COL (test) \nUNI",
        "UNI (test)\r\nCOL (test)",
        "uni (TEST)\nCol (Test)",
    ],
)
def test_institutions_are_known_by_code_or_name(cast: Cast, typed: str) -> None:
    assert institutions_of(typed) == [cast.university, cast.college]
    assert InstitutionsField(help_text="").clean(BOTH) == [cast.university, cast.college]


@pytest.mark.parametrize("typed", ["NO-SUCH", "DEP", "DEP – UNI (test)", "UNI (t"])
def test_what_is_no_institution_is_named(cast: Cast, typed: str) -> None:
    with pytest.raises(ValidationError, match="No active institution has this code or name"):
        institutions_of(f"UNI\n{typed}")


def test_a_name_that_two_institutions_have_is_not_enough(cast: Cast) -> None:
    Organisation.objects.filter(pk__in=[cast.university.pk, cast.college.pk]).update(name_ru="Колледж")
    with pytest.raises(ValidationError, match="Колледж"):
        institutions_of("Колледж")


def test_the_names_of_both_registries_are_known_in_capital_and_small_letters(cast: Cast, at: Opened) -> None:
    Organisation.objects.filter(pk=cast.college.pk).update(name_ky="Өнөр жана Үй-бүлө Таңы", name_en="École")
    area = ProgrammeArea.objects.create(code="ART", name_ky="Үңкүр өнөрү", name_ru="Ёлки")
    for typed in ("өНӨР ЖАНА үй-бүлө ТАҢЫ", "École"):
        assert institutions_of(typed) == [cast.college]
    for typed in ("ҮҢКҮР ӨНӨРҮ", "ёлки", "art"):
        assert known_in(ProgrammeArea.objects.active(), [typed]) == {typed: area}
    with pytest.raises(ValidationError, match="Онор"):
        institutions_of("Онор жана Уй-було Таны")


def test_of_many_that_are_unknown_only_the_first_are_said(cast: Cast) -> None:
    typed = "\n".join(f"NO-{number}" for number in range(1_000))
    with pytest.raises(ValidationError, match="NO-0; NO-1; NO-2; NO-3; NO-4 and 995 more"):
        institutions_of(typed)


def test_a_form_begins_with_names_and_comes_back_with_them(cast: Cast, at: Opened) -> None:
    plan, client = make_plan(cast), at(cast.coordinator)
    edit = f"{plan.get_absolute_url()}items/1/edit/"
    form = client.get(edit).context["form"]
    assert form["institutions"].value() == "COL – COL (test)\nUNI – UNI (test)"
    answer = client.post(edit, {"institutions": "uni\nNO-SUCH\ncol", "version": plan.version})
    assert answer.status_code == 422
    assert answer.context["form"]["institutions"].value() == "UNI – UNI (test)\nNO-SUCH\nCOL – COL (test)"


@pytest.mark.parametrize("typed", ["\0", "UNI\0", "x" * (MOST_TEXT + 1), "\n" * 9])
def test_whatever_was_typed_comes_back_without_an_error(cast: Cast, at: Opened, typed: str) -> None:
    plan = make_plan(cast)
    edit = f"{plan.get_absolute_url()}items/1/edit/"
    answer = at(cast.coordinator).post(edit, {"institutions": typed, "version": plan.version})
    assert answer.status_code == 422
    assert answer.content


def test_a_finding_names_the_institutions_of_its_monitoring(cast: Cast, at: Opened) -> None:
    Organisation.objects.filter(pk=cast.university.pk).update(name_en="Arts & <b>Crafts</b>")
    engagement = make_engagement(cast, State.ANALYSIS)
    shown = page(at(cast.expert), f"/engagements/{engagement.number}/findings/add/")
    assert "Those of this monitoring:<br>UNI – Arts &amp; &lt;b&gt;Crafts&lt;/b&gt;" in shown


def test_only_the_institutions_that_are_shown_are_read(cast: Cast) -> None:
    for number in range(SHOWN):
        school(f"SCH-{number:02}", "SCH (test)")
    field = InstitutionsField(help_text="")
    with CaptureQueriesContext(connection) as queries:
        field.name(Organisation.objects.filter(kind=OrganisationKind.INSTITUTION))
    assert [f"LIMIT {SHOWN + 1}" in query["sql"] for query in queries] == [True]
    assert str(field.help_text).count("<br>") == SHOWN + 1
    assert str(field.help_text).endswith("<br>…")


def test_a_line_offers_and_shows_names(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    plan, client = of_kind(engagement, "calendar_plan"), at(cast.lead)
    shown = page(client, address("line_add", plan))
    assert 'list="id_institution_offered"' in shown
    assert '<datalist id="id_institution_offered"><option value="UNI – UNI (test)"></option></datalist>' in shown
    assert add(client, plan, institution="UNI – UNI (test)").status_code == 200
    assert _value(client.get(address("line_edit", plan, 1)), "institution") == "UNI – UNI (test)"
    refused = add(client, plan, institution="uni", title="")
    assert refused.status_code == 422
    assert _value(refused, "institution") == "UNI – UNI (test)"


def test_a_proposal_takes_a_programme_area_by_code_or_name(cast: Cast, at: Opened) -> None:
    area = ProgrammeArea.objects.create(code="ENG", name="Engineering")
    proposals = of_kind(make_engagement(cast, State.FOLLOW_UP), "proposals")
    client = at(cast.coordinator if proposals.drafter_role == "coordinator" else cast.lead)
    assert '<option value="ENG – Engineering"></option>' in page(client, address("line_add", proposals))
    for typed in ("eng", "ENG – Engineering", "engineering"):
        assert add(client, proposals, institution="", area=typed).status_code == 200
    assert {line.area for line in _proposals(proposals)} == {area}
    assert len(_proposals(proposals)) == 3
    ProgrammeArea.objects.create(code="OTHER", name="Eng")
    assert add(client, proposals, institution="", area="eng").status_code == 200
    assert {line.area for line in _proposals(proposals)} == {area}, "a code comes before the names of others"
    refused = add(client, proposals, institution="", area="NONE")
    assert "No active programme area has this code or name: NONE." in refused.content.decode()


def _proposals(deliverable: Deliverable) -> list[ProposalLine]:
    return list(ProposalLine.objects.filter(deliverable=deliverable))


def _value(answer: Any, name: str) -> str:
    return str(answer.context["form"][name].value())
