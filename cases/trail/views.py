"""The pages of the trail: the list of all events, one event, and what can be taken away."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.ground.paging import Order, page_of
from cases.registry.requests import SignedInRequest
from cases.trail import exports
from cases.trail.access import get_event, get_trail, reads_all
from cases.trail.filters import TrailFilters
from cases.trail.words import lines
from workflow.models import Event, TrailCheck
from workflow.trail.readable import is_erased, readable

NEWEST_FIRST = Order(descending=True)


@require_safe
def trail(request: SignedInRequest) -> HttpResponse:
    events = get_trail(request.user)
    filters = TrailFilters(request.GET)
    page = page_of(request, [filters.narrow(events).select_related("actor")], NEWEST_FIRST)
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "check": TrailCheck.objects.first(),
        "shows_counts": reads_all(request.user),
        "filters": filters,
        "is_narrowed": filters.is_narrowed(),
        "page": page,
        "lines": lines(page.rows),
        "query": query.urlencode(),
    }
    return render(request, "trail/list.html", context)


@require_safe
def trail_event(request: SignedInRequest, pk: int) -> HttpResponse:
    event = get_event(request.user, pk)
    [line] = lines([event])
    context = {
        "event": event,
        "line": line,
        "details": readable([event])[event.pk],
        "is_erased": is_erased(event),
        "neighbours": _neighbours(event),
        "finding": _finding(event),
    }
    return render(request, "trail/event.html", context)


@require_safe
def trail_export(request: SignedInRequest, ending: str) -> HttpResponseBase:
    """Every event that the filter shows, on all its pages; for the verifier the whole chains of their cases."""
    events = get_trail(request.user)
    filters = TrailFilters(request.GET)
    narrowed = filters.narrow(events)
    if ending == "csv":
        return exports.as_csv(narrowed)
    return exports.for_verifier(None if reads_all(request.user) and not filters.is_narrowed() else narrowed)


@require_safe
def trail_verifier(request: SignedInRequest) -> HttpResponse:
    get_trail(request.user)
    return exports.verifier()


def _finding(event: Event) -> str:
    """What the verification found that the event is about; empty for any other event."""
    if event.subject_type != TrailCheck.TRAIL_TYPE:
        return ""
    check = TrailCheck.objects.filter(pk=event.subject_id).first()
    return check.finding if check else ""


def _neighbours(event: Event) -> dict[str, int]:
    """The ids of the steps before and after it in its chain."""
    places = {event.position - 1: "before", event.position + 1: "after"}
    rows = Event.objects.of(event.subject_type, event.subject_id).filter(position__in=places)
    return {places[position]: pk for pk, position in rows.values_list("pk", "position")}
