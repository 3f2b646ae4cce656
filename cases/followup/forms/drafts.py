"""The form of a draft: whom it is addressed to, where it stands, what it says, by when, and who carries it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Unpack

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.analysis.models import Finding
from cases.desk.leading import coordinators_of
from cases.followup.forms.departments import DepartmentForm
from cases.followup.forms.institutions import InstitutionForm, find_institutions
from cases.followup.forms.rows import RowsForm
from cases.followup.models import Recommendation, SourceDocument
from cases.followup.models.sources import SourceKind
from cases.followup.verbs import Draft
from cases.followup.verbs.drafting import controllers_of
from cases.followup.verbs.linking import findings_of, linkable
from cases.ground.fields import Cleaned, DayField, FormOptions, LineField, Sent, TextField, field_of
from cases.planning.models import Engagement
from cases.registry.models import LegalAct, Organisation, User
from cases.registry.models.organisations import Language
from cases.registry.naming import named
from workflow.lifecycles.follow_up import Classification, Risk

LONGEST_NAME = 300
LONGEST_ID = 19
NEEDED_LATER = ("source", "cause", "due")
"""A draft may be kept without them, but not issued."""
NEW_SOURCE = ("source_kind", "source_number", "source_date", "source_title", "source_issuer", "source_legal_act")
TEXT_LABELS = {
    Language.KY: gettext_lazy("Text in Kyrgyz"),
    Language.RU: gettext_lazy("Text in Russian"),
    Language.EN: gettext_lazy("Text in English"),
}


def _text(language: Language) -> TextField:
    """Required when the language is the authoritative one."""
    sentence = gettext_lazy("Write the text in the authoritative language.")
    return TextField(label=TEXT_LABELS[language], required=False, error_messages={"required": sentence})


class DraftForm(InstitutionForm, DepartmentForm, RowsForm):
    MANY: ClassVar[Sequence[str]] = ("findings",)
    ROW = {
        "interim_due": lambda place: DayField(label=_("Interim deadline %(n)d, date") % {"n": place}, required=False),
        "interim_topic": lambda place: LineField(
            label=_("Interim deadline %(n)d, what is due") % {"n": place}, required=False, max_length=300
        ),
    }

    source = forms.ModelChoiceField(
        SourceDocument.objects.none(),
        label=gettext_lazy("Source document"),
        required=False,
        empty_label=gettext_lazy("– none yet, or the new one below –"),
    )
    source_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of source"), choices=[("", "–"), *SourceKind.choices], required=False
    )
    source_title = LineField(label=gettext_lazy("Title of the document"), max_length=300, required=False)
    source_number = LineField(label=gettext_lazy("Number of the document"), max_length=60, required=False)
    source_date = DayField(label=gettext_lazy("Date of the document"), required=False)
    source_issuer = LineField(label=gettext_lazy("Issued by"), max_length=300, required=False)
    source_legal_act = forms.ModelChoiceField(
        LegalAct.objects.filter(is_active=True),
        label=gettext_lazy("Legal act it rests on"),
        required=False,
        empty_label="–",
    )
    findings = forms.ModelMultipleChoiceField(
        Finding.objects.none(),
        label=gettext_lazy("Findings that it answers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    item = LineField(label=gettext_lazy("Item of the document"), max_length=30, required=False)
    authoritative_language = forms.ChoiceField(
        label=gettext_lazy("Authoritative language"),
        choices=Language.choices,
        help_text=gettext_lazy("The text in it is what counts; the others are translations."),
    )
    text_ky = _text(Language.KY)
    text_ru = _text(Language.RU)
    text_en = _text(Language.EN)
    cause = TextField(
        label=gettext_lazy("Finding or criterion it answers"),
        rows=2,
        max_length=5_000,
        required=False,
        help_text=gettext_lazy("What was found, or which criterion is not met."),
    )
    classification = forms.ChoiceField(label=gettext_lazy("Class"), choices=Classification.choices)
    risk = forms.ChoiceField(label=gettext_lazy("Risk if it is not done"), choices=Risk.choices, initial=Risk.MEDIUM)
    is_priority = forms.BooleanField(label=gettext_lazy("Priority for leadership"), required=False)
    due = DayField(
        label=gettext_lazy("Due date"),
        required=False,
        help_text=gettext_lazy("If there is none, give the reason instead."),
    )
    no_due_reason = LineField(
        label=gettext_lazy("Why it has no due date"),
        max_length=300,
        required=False,
    )
    controller = LineField(
        label=gettext_lazy("Controller"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Who watches over it, such as a vice-rector. Letters to the institution name them."),
    )
    watcher = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Controller with an account"),
        required=False,
        empty_label=gettext_lazy("– none –"),
        help_text=gettext_lazy(
            "Sees the recommendation and gets the messages that the institution gets. To choose from the controllers of"
            " the institution, find the institution first."
        ),
    )
    contributors = TextField(
        label=gettext_lazy("Contributors"),
        rows=3,
        required=False,
        help_text=gettext_lazy("Units or posts that have to contribute, one a line."),
    )
    coordinator = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Coordinator"),
        required=False,
        empty_label=gettext_lazy("– the person who issues it –"),
    )

    def __init__(
        self,
        data: Sent | None = None,
        *,
        departments: Sequence[Organisation],
        engagement: Engagement | None = None,
        is_edit: bool = False,
        filled: int = 0,
        **options: Unpack[FormOptions],
    ) -> None:
        """Of a draft that comes from a monitoring, the confirmed findings of that monitoring can be ticked."""
        super().__init__(data, filled=filled, **options)
        self.offer(departments)
        self.look_up()
        self.engagement = engagement
        if engagement is None:
            del self.fields["findings"]
        else:
            findings = field_of(self, "findings", forms.ModelMultipleChoiceField)
            offered = linkable(engagement, _ids(self.initial.get("findings", ())))
            findings.queryset = offered
            findings.choices = [(finding.pk, f"{finding.number} {finding.statement}") for finding in offered]
        if is_edit:
            self.remember_initial()
        else:
            del self.fields["version"]
        sources = SourceDocument.objects.filter(department__in=departments)
        field_of(self, "source", forms.ModelChoiceField).queryset = sources
        field_of(self, "coordinator", forms.ModelChoiceField).queryset = coordinators_of(departments)
        watchers = controllers_of(self._institutions_named())
        field_of(self, "watcher", forms.ModelChoiceField).queryset = watchers
        for name in NEEDED_LATER:
            vars(self.fields[name])["needed"] = gettext_lazy("needed before it is issued")
        language = str((data or self.initial).get("authoritative_language") or Language.KY)
        if language in Language.values:
            self.fields[f"text_{language}"].required = True

    def _institutions_named(self) -> list[Organisation]:
        """Those that were looked for and found, or the one that a stored draft is addressed to."""
        text = str(self.initial.get("institution") or "")
        return self.matches if self.is_looked_up or not text else find_institutions(text)[0]

    @property
    def has_new_source(self) -> bool:
        """Whether something of a new document is filled in, so that its fields are shown."""
        return any(self[name].value() for name in NEW_SOURCE)

    def clean_contributors(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["contributors"].splitlines() if line.strip()]
        if any(len(name) > LONGEST_NAME for name in names):
            raise forms.ValidationError(_("A line is longer than %(n)d characters.") % {"n": LONGEST_NAME})
        return names

    def clean(self) -> Cleaned:
        cleaned = super().clean() or {}
        self._clean_source(cleaned)
        if cleaned.get("due") and cleaned.get("no_due_reason"):
            self.add_error("no_due_reason", _("Give a due date or the reason why there is none, not both."))
        for place, values in self.filled_rows():
            self.require(place, values, {"interim_due": _("Give the date of the interim deadline.")})
        return cleaned

    def _clean_source(self, cleaned: Cleaned) -> None:
        entered = [name for name in NEW_SOURCE if cleaned.get(name)]
        if cleaned.get("source") and entered:
            self.add_error("source", _("Choose a document or enter a new one, not both."))
        elif entered:
            if not cleaned.get("source_kind"):
                self.add_error("source_kind", _("Choose the kind of the new document."))
            if not cleaned.get("source_title") and "source_title" not in self.errors:
                self.add_error("source_title", _("Give the title of the new document."))

    def drafts(self) -> list[Draft]:
        """One for each institution that is accountable."""
        return [self.draft()]

    def draft(self, **institution: Organisation) -> Draft:
        cleaned = {**self.cleaned_data, **institution}
        department = self.drafted_by()
        same = ("institution", "item", "authoritative_language", "cause", "classification", "risk", "is_priority",
                "controller", "watcher", "contributors", "due", "no_due_reason", "coordinator")  # fmt: skip
        return Draft(
            department=department,
            source=self._source(department),
            texts={language: cleaned[f"text_{language}"] for language in Language.values},
            engagement=self.engagement,
            findings=list(cleaned.get("findings", ())),
            interim=[(row["interim_due"], row["interim_topic"]) for _place, row in self.filled_rows()],
            **{name: cleaned[name] for name in same if name in cleaned},
        )

    def _source(self, department: Organisation) -> SourceDocument | None:
        cleaned = self.cleaned_data
        if cleaned["source"] or not cleaned["source_title"]:
            return cleaned["source"]  # type: ignore[no-any-return]
        facts = {name.removeprefix("source_"): cleaned[name] for name in NEW_SOURCE}
        return SourceDocument(department=department, **facts)


def contents_of(recommendation: Recommendation) -> dict[str, object]:
    """What the form of a draft begins with."""
    same = ("source", "item", "authoritative_language", "cause", "classification", "risk", "is_priority",
            "controller", "watcher", "no_due_reason", "coordinator", "version")  # fmt: skip
    texts = {f"text_{language}": text.text for language, text in recommendation.current_texts().items()}
    return {
        "institution": named(recommendation.institution),
        "contributors": "\n".join(contributor.name for contributor in recommendation.contributors.all()),
        "due": recommendation.current_due,
        "findings": [finding.pk for finding in findings_of(recommendation)],
        **{name: getattr(recommendation, name) for name in same},
        **texts,
        **dict(_interim(recommendation)),
    }


def contents_from(finding: Finding | None, accountable: Sequence[Organisation]) -> dict[str, object]:
    """What the form of a new draft begins with that comes from a monitoring, or from one of its findings."""
    if finding is None:
        return {"findings": []}
    cause = [finding.number, finding.measured_by]
    texts = {language: getattr(finding, f"statement_{language}") for language in Language.values}
    return {
        "findings": [finding.pk],
        "institution": named(accountable[0]) if len(accountable) == 1 else "",
        "cause": "; ".join(filter(None, cause)),
        "risk": finding.severity,
        "authoritative_language": next((language for language, text in texts.items() if text), Language.KY),
        **{f"text_{language}": text for language, text in texts.items()},
    }


def _ids(ticked: Iterable[object]) -> list[int]:
    """Of what was ticked, as far as they are numbers: a form that is not checked yet may hold anything."""
    return [int(pk) for pk in map(str, ticked) if pk.isdecimal() and len(pk) < LONGEST_ID]


def _interim(recommendation: Recommendation) -> Iterator[tuple[str, object]]:
    for place, interim in enumerate(recommendation.interim_deadlines.all(), start=1):
        yield f"interim_due_{place}", interim.due
        yield f"interim_topic_{place}", interim.topic
