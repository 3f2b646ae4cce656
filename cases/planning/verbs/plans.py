"""Drafting a plan-schedule: its title and years, and the monitorings it plans."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cases.desk.models import NumberSeries
from cases.planning.begun import ENDED, begun_of
from cases.planning.models import ItemDirection, ItemKind, PlanItem, PlanSchedule, ProposalDecision, ProposalLine
from cases.planning.models.plans import BEING_PREPARED
from cases.planning.verbs.differences import differences
from cases.planning.verbs.owed import note_next
from cases.planning.verbs.proposals import Weighed, keep, set_free
from cases.registry.ministries import ministry_of
from cases.registry.models import LegalAct, Organisation, ProgrammeArea, User
from workflow import clock
from workflow.door import Refused, amend, begin
from workflow.lifecycles.plan_schedule import Action
from workflow.terms import legal_date

PREFIX = "P"
COLUMNS = ("kind", "title", "levels", "starts", "ends", "legal_basis", "budget", "source_of_finance", "pilot")


@dataclass(frozen=True)
class PlanFacts:
    """What a person fills in of a plan-schedule; `agreed_by` are leaders of the Ministry who agree it, too."""

    title: str
    years: tuple[int, int]
    explanation: str = ""
    agreed_by: Sequence[User] = ()


@dataclass(frozen=True)
class ItemFacts:
    """What a person fills in of a planned monitoring; `directions` are numbers of REG-8."""

    title: str
    starts: date
    ends: date
    kind: str = ItemKind.MAIN
    levels: Sequence[str] = ()
    directions: Sequence[int] = ()
    areas: Sequence[ProgrammeArea] = ()
    institutions: Sequence[Organisation] = field(default_factory=list)
    legal_basis: LegalAct | None = None
    budget: Decimal | None = None
    source_of_finance: str = ""
    pilot: PlanItem | None = None


def draft_plan(
    department: Organisation, title: str, years: tuple[int, int], *, by: User, copied: PlanSchedule | None = None
) -> PlanSchedule:
    """Begin a plan-schedule of a department; the monitorings of `copied` come along. Raises Refused."""
    ministry_id = ministry_of(department)
    _check_years(*years)
    at = clock.database_now()
    with transaction.atomic():
        _check_alone(department.pk, years)
        plan = PlanSchedule(
            number=NumberSeries.take(PREFIX, legal_date(at).year)[0],
            ministry_id=ministry_id,
            department=department,
            coordinator=by,
            title=title.strip(),
            first_year=years[0],
            last_year=years[1],
        )
        begin(plan, by=by, details={"title": plan.title, "first_year": years[0], "last_year": years[1]}, at=at)
        if copied is not None:
            _copy_items(copied, plan)
        note_next(plan, by=by)
    return plan


def edit_plan(plan: PlanSchedule, facts: PlanFacts, *, by: User, version: int) -> None:
    """Raises Refused."""
    _check_years(*facts.years)
    with amend(plan, Action.EDIT, by=by, version=version) as amendment:
        locked: PlanSchedule = amendment.case
        _check_alone(locked.department_id, facts.years, but=locked.pk)
        locked.title, locked.explanation = facts.title.strip(), facts.explanation.strip()
        locked.first_year, locked.last_year = facts.years
        before = [str(person) for person in locked.agreed_by.order_by("pk")]
        after = [str(person) for person in sorted(facts.agreed_by, key=lambda person: person.pk)]
        if before != after:
            locked.agreed_by.set(facts.agreed_by)
            amendment.details["agreed_by"] = {"": [before, after]}


def add_item(
    plan: PlanSchedule, facts: ItemFacts, *, by: User, version: int, proposal: ProposalLine | None = None
) -> PlanItem:
    """With a `proposal`, it is planned to take that one up. Raises Refused."""
    with amend(plan, Action.WEIGH if proposal else Action.EDIT, by=by, version=version) as amendment:
        last = plan.items.aggregate(last=Max("place"))["last"] or 0
        item = PlanItem(plan=amendment.case, place=last + 1)
        _write(item, facts)
        if proposal is not None:
            amendment.details |= keep(amendment.case, proposal, Weighed(ProposalDecision.TAKEN, item))
        amendment.details |= {"item": item.title, **differences({}, item.contents())}
    return item


def change_item(item: PlanItem, facts: ItemFacts, *, by: User, version: int) -> None:
    """Raises Refused."""
    with amend(item.plan, Action.EDIT, by=by, version=version) as amendment:
        before = item.contents()
        _write(item, facts)
        after = PlanItem.objects.get(pk=item.pk).contents()
        amendment.details |= {"item": item.title, **differences(before, after)}


def remove_item(item: PlanItem, *, by: User, version: int) -> None:
    """Raises Refused."""
    with amend(item.plan, Action.EDIT, by=by, version=version) as amendment:
        if item.mains.exists():
            raise Refused(_("“%(item)s” is the pilot of another monitoring; change that one first.") % {"item": item})
        amendment.details |= {"item": item.title, **differences(item.contents(), {})}
        amendment.details |= set_free(item)
        item.areas.clear()
        item.institutions.clear()
        item.delete()


def _check_years(first: int, last: int) -> None:
    if last < first:
        raise Refused(_("The last year lies before the first."), about="last_year")


def _check_alone(department_id: int, years: tuple[int, int], *, but: int | None = None) -> None:
    """Raises Refused when another one is being prepared for one of these years."""
    Organisation.objects.select_for_update(no_key=True).get(pk=department_id)  # One who asks at the same time waits.
    others = PlanSchedule.objects.filter(department=department_id, state__in=BEING_PREPARED).exclude(pk=but or 0)
    other = others.filter(first_year__lte=years[1], last_year__gte=years[0]).first()
    if other is not None:
        names = {"number": other.number, "years": other.years}
        sentence = _("%(number)s for %(years)s is being prepared already. Go on with that one, or choose other years.")
        raise Refused(sentence % names, about="first_year")


def _write(item: PlanItem, facts: ItemFacts) -> None:
    _check(item, facts)
    for name in COLUMNS:
        setattr(item, name, getattr(facts, name))
    item.levels = list(facts.levels)
    item.save()
    item.areas.set(facts.areas)
    item.institutions.set(facts.institutions)
    item.directions.all().delete()
    ItemDirection.objects.bulk_create(
        ItemDirection(item=item, direction=number) for number in sorted(set(facts.directions))
    )


def _check(item: PlanItem, facts: ItemFacts) -> None:
    if facts.ends < facts.starts:
        raise Refused(_("It ends before it begins."), about="ends")
    pilot = facts.pilot
    if pilot is None:
        return
    if facts.kind != ItemKind.MAIN:
        raise Refused(_("Only a main monitoring has a pilot."), about="pilot")
    if pilot.plan_id != item.plan_id or pilot.kind != ItemKind.PILOT or pilot.pk == item.pk:
        raise Refused(_("Choose a pilot of this plan-schedule."), about="pilot")


def _copy_items(source: PlanSchedule, target: PlanSchedule) -> None:
    """A copy stays the same monitoring, unless that one is carried out by now: then it is planned anew."""
    begun = begun_of(source.items_now())
    copies: dict[int, PlanItem] = {}
    for item in source.items_now():
        facts = ItemFacts(
            **{name: getattr(item, name) for name in COLUMNS if name != "pilot"},
            directions=[row.direction for row in item.directions.all()],
            areas=list(item.areas.all()),
            institutions=list(item.institutions.all()),
        )
        is_over = item.pk in begun and begun[item.pk].state in ENDED
        origin_id = None if is_over else item.origin_key
        copies[item.pk] = copy = PlanItem(plan=target, place=item.place, origin_id=origin_id)
        _write(copy, facts)
    for item in source.items_now():
        if item.pilot_id:
            PlanItem.objects.filter(pk=copies[item.pk].pk).update(pilot=copies[item.pilot_id])
