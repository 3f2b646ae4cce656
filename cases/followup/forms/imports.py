"""The forms of importing a resolution: where it comes from, and the preview in which each item is corrected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Unpack, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.followup.forms.departments import DepartmentForm
from cases.followup.forms.institutions import InstitutionForm
from cases.followup.models import Contributor
from cases.followup.models.sources import SourceKind
from cases.followup.resolution import MOST_ITEMS, Item, parse_date
from cases.followup.verbs.drafting import Draft
from cases.followup.verbs.importing import DocumentFacts, present_items
from cases.ground.fields import Cleaned, FormOptions, LineField, Sent, TextField
from cases.registry.models import Organisation, OrganisationKind
from cases.registry.models.organisations import Language
from workflow.door import Refused
from workflow.lifecycles.follow_up import Classification, Risk

DATE = {"type": "date"}
MOST_DRAFTS = 1_000
"""Drafts that one request may make: items times the institutions that each is addressed to."""
LONGEST_NAME = Contributor._meta.get_field("name").max_length or 0


class UploadForm(forms.Form):
    """A file or pasted lines, one of the two."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("A table .csv or .xlsx with the columns item, text_ky, addressees_ky, deadline."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the items"),
        required=False,
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One item a line: number text - addressees - deadline. Addressees are parted by “;”."),
    )

    def clean(self) -> Cleaned:
        cleaned = super().clean() or {}
        if bool(cleaned.get("file")) == bool((cleaned.get("text") or "").strip()) and not self.errors:
            self.add_error("file", _("Choose a file or paste the items, one of the two."))
        return cleaned


class ResolutionForm(InstitutionForm, DepartmentForm):
    """The document itself, and what holds for all its items.

    The institution answers for every item whose addressees are its posts or units.
    """

    field_order = ("department", "kind", "title", "number", "date", "issuer", "institution", "which")

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of source"), choices=SourceKind.choices, initial=SourceKind.COUNCIL_RESOLUTION
    )
    title = LineField(label=gettext_lazy("Title of the document"), max_length=300)
    number = LineField(label=gettext_lazy("Number"), max_length=60, required=False)
    date = forms.DateField(label=gettext_lazy("Date"), required=False, widget=forms.DateInput(attrs=DATE))
    issuer = LineField(label=gettext_lazy("Issued by"), max_length=300, required=False)
    cause = TextField(label=gettext_lazy("Finding or criterion that the items answer"), rows=2, max_length=5_000)
    classification = forms.ChoiceField(label=gettext_lazy("Class"), choices=Classification.choices)
    risk = forms.ChoiceField(label=gettext_lazy("Risk"), choices=Risk.choices, initial=Risk.MEDIUM)

    def __init__(
        self, data: Sent | None = None, *, departments: Sequence[Organisation], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.offer(departments)
        self.look_up()
        answers = gettext_lazy("It answers for every item whose addressees are its posts or units.")
        self.fields["institution"].help_text = format_lazy("{} {}", self.fields["institution"].help_text, answers)

    def facts(self) -> DocumentFacts:
        return DocumentFacts(
            **{name: self.cleaned_data[name] for name in ("kind", "title", "number", "date", "issuer")}
        )


class ResolutionItemForm(forms.Form):
    """One item of the preview. Addressees that are institutions (by code or name) get one recommendation each; all
    others are posts or units of the accountable institution and contribute."""

    row = forms.IntegerField(widget=forms.HiddenInput)
    take = forms.BooleanField(label=gettext_lazy("Take"), required=False, initial=True)
    item = LineField(label=gettext_lazy("Item"), max_length=30)
    text_ky = TextField(label=gettext_lazy("Text (Kyrgyz)"), rows=3)
    text_ru = TextField(label=gettext_lazy("Text (Russian)"), rows=2, required=False)
    text_en = TextField(label=gettext_lazy("Text (English)"), rows=2, required=False)
    addressees = TextField(
        label=gettext_lazy("Addressees"),
        rows=2,
        max_length=2_000,
        error_messages={"required": gettext_lazy("The item names no addressee. Who has to do it?")},
    )
    interim = LineField(label=gettext_lazy("Interim deadline"), max_length=60, required=False)
    deadline = LineField(label=gettext_lazy("Deadline"), max_length=60, required=False)
    no_due_reason = LineField(label=gettext_lazy("Why it has no deadline"), max_length=300, required=False)
    controller = LineField(label=gettext_lazy("Controller"), max_length=200, required=False)

    def clean_addressees(self) -> str:
        text: str = self.cleaned_data["addressees"]
        if any(len(name) > LONGEST_NAME for name in _names(text)):
            raise forms.ValidationError(_("A line is longer than %(n)d characters.") % {"n": LONGEST_NAME})
        return text

    def clean_deadline(self) -> date | None:
        return self._date("deadline")

    def clean_interim(self) -> date | None:
        return self._date("interim")

    def clean(self) -> Cleaned:
        cleaned = super().clean() or {}
        due, interim = cleaned.get("deadline"), cleaned.get("interim")
        if "deadline" in cleaned and not due and not cleaned.get("no_due_reason"):
            self.add_error("deadline", _("The item has no deadline. Give one, or say below why there is none."))
        if due and interim and interim > due:
            self.add_error("interim", _("The interim deadline is later than the deadline."))
        return cleaned

    def addressed(self) -> list[str]:
        return _names(self.cleaned_data["addressees"])

    def _date(self, name: str) -> date | None:
        text = self.cleaned_data[name].strip()
        day = parse_date(text)
        if text and day is None:
            raise forms.ValidationError(_("“%(text)s” is not a valid date. Use the form 10.09.2025.") % {"text": text})
        return day


def _names(text: str) -> list[str]:
    """The addressees, parted by semicolons or line by line."""
    return [name.strip() for name in text.replace("\n", ";").split(";") if name.strip()]


class ItemFormSet(BaseFormSet):  # type: ignore[type-arg]  # it takes no argument at run time
    """All items; knows which are right and which are to be taken."""

    def wanted(self) -> Iterator[ResolutionItemForm]:
        return (form for form in self.forms if form["take"].value() not in (False, None, "", "False"))

    def right(self) -> list[ResolutionItemForm]:
        return [form for form in self.wanted() if form.is_valid()]

    def wrong(self) -> list[ResolutionItemForm]:
        return [form for form in self.wanted() if not form.is_valid()]


Items = cast(
    type[ItemFormSet],
    formset_factory(
        ResolutionItemForm, formset=ItemFormSet, extra=0, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS, validate_max=True
    ),
)


def initial(items: list[Item]) -> list[dict[str, object]]:
    """What the preview starts with: dates that were read as 10.09.2025, the others as printed."""
    return [
        {
            "row": item.row,
            "take": True,
            "item": item.item,
            "text_ky": item.text_ky,
            "text_ru": item.text_ru,
            "text_en": item.text_en,
            "addressees": item.addressees,
            "interim": _shown(item.interim),
            "deadline": _shown(item.deadline),
            "controller": item.controller,
        }
        for item in items
    ]


def _shown(text: str) -> str:
    day = parse_date(text)
    return f"{day:%d.%m.%Y}" if day else text


@dataclass
class PlannedImport:
    """What the preview leads to: drafts with their institutions, and what is there already."""

    drafts: list[tuple[Draft, list[Organisation]]]
    present: list[str]


def planned_import(document: ResolutionForm, forms: list[ResolutionItemForm]) -> PlannedImport:
    """Split each item by its addressees. Institutions are looked up in one query. Raises Refused."""
    department = document.drafted_by()
    names = {name.casefold() for form in forms for name in form.addressed()}
    known = _institutions(names)
    there = present_items(document.facts(), department)
    result = PlannedImport([], [])
    for form in forms:
        institutions, contributors = _parted(form.addressed(), known)
        targets = institutions or [document.cleaned_data["institution"]]
        key = form.cleaned_data["item"]
        result.present += [there[key, target.pk] for target in targets if (key, target.pk) in there]
        result.drafts.append((_draft(document, form, department, contributors), targets))
    if sum(len(targets) for _draft, targets in result.drafts) - len(result.present) > MOST_DRAFTS:
        raise Refused(_("This would make more than %(most)d drafts at once. Import in parts.") % {"most": MOST_DRAFTS})
    return result


NAMES = [f"{name}_{language}" for name in ("name", "short_name") for language in Language.values]


def _institutions(names: set[str]) -> dict[str, Organisation]:
    """casefolded code or name -> the active institution of it, for those of `names` that are one."""
    keyed = {}
    for institution in Organisation.objects.active().filter(kind=OrganisationKind.INSTITUTION).only("code", *NAMES):
        for text in (institution.code, *(getattr(institution, name) for name in NAMES)):
            if text and text.casefold() in names:
                keyed[text.casefold()] = institution
    return keyed


def _parted(names: list[str], known: dict[str, Organisation]) -> tuple[list[Organisation], list[str]]:
    """The institutions among the addressees, each once, and the posts and units."""
    institutions = {known[name.casefold()].pk: known[name.casefold()] for name in names if name.casefold() in known}
    return list(institutions.values()), [name for name in names if name.casefold() not in known]


def _draft(
    document: ResolutionForm, form: ResolutionItemForm, department: Organisation, contributors: list[str]
) -> Draft:
    row, whole = form.cleaned_data, document.cleaned_data
    texts = {"ky": row["text_ky"], "ru": row["text_ru"], "en": row["text_en"]}
    return Draft(
        institution=whole["institution"],
        department=department,
        item=row["item"],
        texts={language: text for language, text in texts.items() if text.strip()},
        cause=whole["cause"],
        classification=whole["classification"],
        risk=whole["risk"],
        controller=row["controller"],
        contributors=contributors,
        interim=[(row["interim"], "")] if row["interim"] else [],
        due=row["deadline"],
        no_due_reason=row["no_due_reason"],
    )
