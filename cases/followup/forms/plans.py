"""The form of the plan: rows of measures, each with its responsible post and its date."""

from collections.abc import Sequence
from typing import Unpack

from django.utils.translation import gettext as _

from cases.followup.forms.rows import RowsForm
from cases.followup.models import Measure, Recommendation
from cases.followup.verbs import MeasureDraft
from cases.ground.fields import Cleaned, DayField, FormOptions, LineField, Sent, TextField
from workflow.lifecycles.follow_up import is_in_time
from workflow.terms import has_passed, legal_date


class PlanForm(RowsForm):
    ROW = {
        "text": lambda place: TextField(
            label=_("Measure %(n)d") % {"n": place}, required=False, rows=2, max_length=2_000
        ),
        "responsible": lambda place: LineField(
            label=_("Measure %(n)d, responsible post or unit") % {"n": place}, required=False, max_length=300
        ),
        "due": lambda place: DayField(label=_("Measure %(n)d, by") % {"n": place}, required=False),
    }

    def __init__(
        self,
        data: Sent | None = None,
        *,
        recommendation: Recommendation,
        filled: int = 0,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, filled=filled, **options)
        self.latest = recommendation.current_due
        self.is_past = has_passed(self.latest)

    def clean(self) -> Cleaned:
        cleaned = super().clean() or {}
        rows = list(self.filled_rows())
        if not rows:
            self.add_error("text_1", _("Write at least one measure."))
        for place, row in rows:
            sentences = {
                "text": _("Write what will be done, or empty the row."),
                "responsible": _("Name the post or unit that answers for it."),
                "due": _("Give the date by which it is done."),
            }
            self.require(place, row, sentences)
            if row["due"] and self.latest and not is_in_time(row["due"], self.latest, legal_date()):
                latest = {"date": f"{self.latest:%d.%m.%Y}"}
                self.add_error(f"due_{place}", _("This is later than the due date, %(date)s.") % latest)
        return cleaned

    def measures(self) -> list[MeasureDraft]:
        return [MeasureDraft(**row) for _place, row in self.filled_rows()]


def contents_of(measures: Sequence[Measure], version: int) -> dict[str, object]:
    """What the form of a plan begins with."""
    contents: dict[str, object] = {"version": version}
    for place, measure in enumerate(measures, start=1):
        contents |= {f"{name}_{place}": getattr(measure, name) for name in ("text", "responsible", "due")}
    return contents
