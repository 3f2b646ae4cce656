"""Every kind of page: who opens which address of the demo, and which forms are sent to see what comes back."""

from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from cases.accounts.models import AccountChange
from cases.desk.kinds import kinds
from cases.desk.making import ask
from cases.followup.demo.people import People
from cases.followup.models import EffectReview, Evidence, Extension, InterimDeadline, Recommendation
from cases.followup.verbs.clock import ask_for_effect
from cases.registry import verbs as registry
from cases.registry.models import Membership
from tests.journeys.looking import Look
from tests.journeys.looks_of_monitoring import of_monitoring
from workflow.models import Event
from workflow.terms import legal_date

RESOLUTION = Path(__file__).parents[1] / "data" / "resolution-2025.csv"


def all_looks(made: People, table: Path) -> list[Look]:
    of_cases = [*_of_cases(), *_of_deciding(), *_of_answering(), *_of_effects(), *_of_accounts(), *of_monitoring(made)]
    return [*_of_everybody(made), *of_cases, *_of_the_registry(made, table)]


def _of_accounts() -> Iterator[Look]:
    change = AccountChange.objects.get()
    page = change.get_absolute_url()
    yield Look("second_registrar", "/")
    yield Look("registrar", "/?show=waiting")
    yield Look("second_registrar", "/account-changes/")
    yield Look("registrar", page)
    yield Look("second_registrar", page)
    yield Look("second_registrar", f"{page}act/approve/")
    yield Look("second_registrar", f"{page}act/refuse/", {}, 422)
    yield Look("second_registrar", f"{page}comment/")
    assert change.person is not None
    yield Look("registrar", change.person.get_absolute_url())


def _of_everybody(made: People) -> Iterator[Look]:
    yield Look("", "/login/")
    yield Look("", "/login/", {"username": "nobody@demo.example", "password": "wrong"}, 422)
    yield Look("contractor_lead", "/")
    yield Look("contractor_lead", "/nothing/here/", status=404)
    yield Look("coordinator", "/")
    yield Look("coordinator", "/?show=waiting")
    yield Look("coordinator", "/recommendations/")
    yield Look("coordinator", ask(kinds()["recommendation"], "", by=made["coordinator"]).get_absolute_url())
    yield Look("coordinator", "/recommendations/?q=китепкана&risk=forged")
    yield Look("coordinator", "/recommendations/import/", {}, 422)
    yield Look("coordinator", "/recommendations/import/", {"file": RESOLUTION})
    yield Look("coordinator", "/recommendations/new/")
    yield Look("coordinator", "/recommendations/new/", {}, 422)
    yield Look("coordinator", "/number/")
    yield Look("coordinator", "/number/?number=E-2026-99999", status=404)
    yield Look("institution_officer", "/messages/")
    yield Look("institution_officer", "/password/")
    yield Look("institution_officer", "/password/done/")
    yield Look("ministry_leader", "/trail/")
    yield Look("ministry_leader", f"/trail/{Event.objects.filter(action='respond').latest('id').pk}/")


def _of_cases() -> Iterator[Look]:
    """A case in every state, as both sides see it."""
    for item in ("1", "2.1", "2.2", "2.3", "2.4", "3.1", "4.1", "4.2"):
        yield Look("coordinator", _case(item))
    for item in ("2.1", "2.2", "2.3"):
        yield Look("institution_head", _case(item))


def _of_deciding() -> Iterator[Look]:
    file = Evidence.objects.filter(recommendation__item="3.1", decision="received").latest("id")
    yield Look("coordinator", _case("1", "edit"))
    yield Look("coordinator", _case("1", "act", "issue"))
    yield Look("coordinator", _case("2.4", "act", "agree_plan"))
    yield Look("coordinator", _case("3.1", "act", "not_confirmed"))
    yield Look("coordinator", _case("3.1", "act", "accept_claim"))
    yield Look("coordinator", _case("2.2", "act", "agree_plan"))
    yield Look("coordinator", _case("2.4", "act", "return_plan"), {}, 422)
    yield Look("coordinator", _case("3.1", "act", "confirm"))
    yield Look("coordinator", _case("3.1", "evidence", str(file.pk), "review"), {}, 422)
    yield Look("coordinator", _case("2.2", "assign"))
    yield Look("coordinator", _case("2.2", "translate"))
    yield Look("coordinator", _case("2.1", "succeed"))
    yield Look("department_head", _case("4.1", "act", "close"))
    yield Look("department_head", _case("2.2", "comment"))
    yield Look("ministry_observer", _case("2.2", "act", "withdraw"), status=403)
    yield Look("ministry_leader", _case("4.2", "act", "uphold"))
    yield Look("ministry_leader", _case("4.2", "act", "withdraw"))
    yield Look("ministry_leader", _case("6", "act", "withdraw"))
    yield Look("ministry_leader", _case("6", "act", "close_unimplemented"), {}, 422)
    for act in ("grant", "refuse", "return_request"):
        yield Look("ministry_leader", f"/extensions/{Extension.objects.latest('id').number}/act/{act}/")


def _of_answering() -> Iterator[Look]:
    measure = Recommendation.objects.get(item="6", source__kind="council_resolution").measures_now()[0]
    yield Look("institution_head", _case("2.2", "act", "respond"))
    yield Look("institution_head", _case("2.2", "act", "dispute"), {}, 422)
    yield Look("institution_head", _case("6", "act", "claim"))
    yield Look("institution_officer", _case("2.2", "plan"))
    yield Look("institution_officer", _case("2.2", "plan"), {"text_1": "Иш-чара"}, 422)
    yield Look("institution_officer", _case("6", "evidence"))
    yield Look("institution_officer", _case("6", "evidence"), {}, 422)
    yield Look("institution_officer", _case("6", "measures", str(measure.pk), "explain"))
    yield Look("institution_officer", _case("6", "extend"))
    yield Look("institution_officer", _case("6", "extend"), {}, 422)


def _of_effects() -> Iterator[Look]:
    """A year after it was closed; and an interim deadline that nothing proves yet."""
    closed = Recommendation.objects.filter(state="closed").latest("id")
    Recommendation.objects.filter(pk=closed.pk).update(effect_review_on=legal_date())
    ask_for_effect(Recommendation.objects.get(pk=closed.pk), timezone.now())
    review = EffectReview.objects.get()
    yield Look("institution_head", f"/effect-reviews/{review.number}/act/report/", {}, 422)
    case = Recommendation.objects.get(item="6", source__kind="council_resolution")
    interim = InterimDeadline.objects.create(recommendation=case, due=legal_date(), topic="Аралык отчёт")
    yield Look("institution_officer", _case("6", "interim", str(interim.pk), "explain"))


def _of_the_registry(made: People, table: Path) -> Iterator[Look]:
    kinds = "code,kind,institution_type,name_ky\nN-1,institution,college,Жаңы колледж\nN-2,empire,,Калп\n"
    table.write_text(kinds, encoding="utf-8")
    registrar, officer = made["registrar"], made["institution_officer"]
    act = registry.add_act(by=registrar, kind="law", number="179", date="2023-08-11", title_ky="Билим берүү жөнүндө")
    link = registry.password_path(made["college_head"])
    membership = Membership.objects.get(person=officer)
    code = made.organisations["KSTU"].code
    yield from (Look("registrar", f"/registry/{path}/") for path in ("people", "acts", "add/person", "add/act"))
    yield Look("registrar", "/registry/")
    yield Look("registrar", "/messages/undelivered/")
    yield Look("registrar", "/registry/add/organisation/", {}, 422)
    yield Look("registrar", f"/registry/organisations/{code}/")
    yield Look("registrar", f"/registry/people/{officer.pk}/")
    yield Look("registrar", f"/registry/acts/{act.pk}/")
    for row in (f"organisations/{code}", f"people/{officer.pk}", f"acts/{act.pk}"):
        yield from (Look("registrar", f"/registry/{row}/{verb}/") for verb in ("edit", "deactivate", "reactivate"))
    yield Look("registrar", f"/registry/people/{officer.pk}/give/")
    yield Look("registrar", f"/registry/memberships/{membership.pk}/end/")
    yield Look("registrar", f"/registry/memberships/{membership.pk}/substitute/")
    yield Look("registrar", "/registry/import/people/")
    yield Look("registrar", "/registry/import/organisations/", {"table": table})
    yield Look("", link, {"new_password1": "1"}, 422)
    yield Look("", "/registry/people/set-password/x/used-already/")
    yield Look("", "/registry/people/forgotten-password/", {}, 422)


def _case(item: str, *parts: str) -> str:
    number = Recommendation.objects.get(item=item, source__kind="council_resolution").number
    return "/".join([f"/recommendations/{number}", *parts, ""])
