"""The filters of the trail: their values in the URL, and the events they leave."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.ground.search import prefix_query
from cases.registry.models import Organisation, User
from cases.trail.words import action_choices
from workflow.models import Event, EventQuerySet
from workflow.texts import Text

RESOLVED = 200
"""Names are looked up first; of more matches than this only the first are taken, by name."""
SUBJECTS = 50
MINUTE = timedelta(minutes=1)
DRIFT = timedelta(hours=1)
"""Ids and times grow together. Clocks that are set and steps that wait disturb that by no more than this."""
CENTURY = [MinValueValidator(datetime(2000, 1, 1, tzinfo=UTC)), MaxValueValidator(datetime(2100, 1, 1, tzinfo=UTC))]


def _choices() -> list[tuple[str, object]]:
    return [("", _("Any")), *action_choices()]


def _moment(label: Text) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=widget, validators=CENTURY)


class TrailFilters(forms.Form):
    """A filter with an invalid value is reported and ignored; the others still apply."""

    person = forms.CharField(label=_("Person"), required=False, max_length=200)
    organisation = forms.CharField(label=_("Organisation"), required=False, max_length=200)
    number = forms.CharField(label=_("Case number"), required=False, max_length=40)
    action = forms.ChoiceField(label=_("Action"), required=False, choices=_choices)
    since = _moment(_("From"))
    until = _moment(_("Until"))

    def chosen(self) -> dict[str, object]:
        """The valid values of the filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def is_narrowed(self) -> bool:
        return bool(self.chosen())

    def narrow(self, events: EventQuerySet) -> EventQuerySet:
        """The events that every chosen filter leaves."""
        for name, value in self.chosen().items():
            for condition in CONDITIONS[name](value):
                events = events.filter(condition)
        return events


def _person(text: str) -> Iterator[Q]:
    query = prefix_query(text)
    people = User.objects.filter(search_vector=query) if query else User.objects.none()
    yield Q(actor__in=_ids(people))


def _organisation(text: str) -> Iterator[Q]:
    by_code = Organisation.objects.filter(code__iexact=text)
    yield Q(organisation_id__in=_ids(by_code) or _ids(Organisation.objects.matching(text)))


def _number(text: str) -> Iterator[Q]:
    """The whole history of the case that ever had this number, and of what is shown on its page."""
    named = Event.objects.filter(number__in=[text, text.upper()])
    subjects = named.order_by().values_list("subject_type", "subject_id").distinct()[:SUBJECTS]
    wanted = Q(pk__in=())
    for subject_type, subject_id in subjects:
        wanted |= Q(subject_type=subject_type, subject_id=subject_id)
        wanted |= Q(about_type=subject_type, about_id=subject_id)
    yield wanted


def _action(value: str) -> Iterator[Q]:
    subject_type, _dot, action = value.rpartition(".")
    yield Q(action=action)
    if subject_type:
        yield Q(subject_type=subject_type)


def _since(moment: datetime) -> Iterator[Q]:
    yield Q(at__gte=moment)
    before = Event.objects.filter(at__lt=moment - DRIFT).order_by("-at").values_list("pk", flat=True).first()
    if before:
        yield Q(pk__gt=before)


def _until(moment: datetime) -> Iterator[Q]:
    """The minute named is within. The id lets the index begin there, however long ago that is."""
    yield Q(at__lt=moment + MINUTE)
    after = Event.objects.filter(at__gt=moment + MINUTE + DRIFT).order_by("at").values_list("pk", flat=True).first()
    if after:
        yield Q(pk__lt=after)


def _ids(rows: QuerySet[Model]) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:RESOLVED])


CONDITIONS: dict[str, Callable[..., Iterator[Q]]] = {
    "person": _person,
    "organisation": _organisation,
    "number": _number,
    "action": _action,
    "since": _since,
    "until": _until,
}
