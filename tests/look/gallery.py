"""A gallery of everything pages are built of; the tests look at it in a browser, nobody else ever sees it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils import timezone
from django.utils.translation import gettext

from cases.ground.templatetags.baikoo import diff

AT = datetime(2026, 11, 20, 16, 40, tzinfo=ZoneInfo("Asia/Bishkek"))
TEXT = "Студенттердин билим сапатын баалоонун ички системасын иштеп чыгып, бардык программаларга киргизүү"
BLOCKED = "Accept at least one piece of evidence first."
ROWS: list[tuple[int, str, str, str, int]] = [
    (14, TEXT, "И. Арабаев атындагы Кыргыз мамлекеттик университети (демо)", "issued", -7),
    (21, "Чыгармачылык кафедраларынын окутуучуларын стажировкага жөнөтүү", "Ош технологиялык колледжи", "disputed", 3),
    (33, "Практика базалары менен келишимдерди жаңылоо", "Нарын мамлекеттик университети", "in_progress", 24),
    (41, "Өз алдынча баалоо отчётун сайтка жарыялоо", "Каракол медициналык колледжи", "claimed", 52),
    (42, "Ички сапат кеңешинин жобосун бекитүү", "Талас мамлекеттик университети", "verified", 60),
]


class Example(forms.Form):
    title = forms.CharField(label="Title", help_text="What, who, by when.")
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    due = forms.DateField(label="First due date")
    risk = forms.ChoiceField(label="Risk", choices=[("", "Choose"), ("high", "High"), ("low", "Low")])
    kind = forms.ChoiceField(
        label="Class", choices=[("c", "Condition"), ("i", "Improvement")], widget=forms.RadioSelect
    )
    regions = forms.MultipleChoiceField(
        label="Regions", choices=[("b", "Bishkek"), ("o", "Osh")], widget=forms.CheckboxSelectMultiple, required=False
    )
    file = forms.FileField(label="Evidence")
    sure = forms.BooleanField(label="I have read the act")
    days = forms.IntegerField(label="Days", initial=20, disabled=True)


class Filters(forms.Form):
    search = forms.CharField(label="Search", required=False, widget=forms.SearchInput)
    state = forms.ChoiceField(label="State", choices=[("", "All"), ("issued", "Issued")], required=False)
    risk = forms.ChoiceField(label="Risk", choices=[("", "All"), ("high", "High")], required=False)
    due = forms.DateField(label="Due until", required=False)


def rows() -> list[dict[str, Any]]:
    today = timezone.localdate()
    return [
        {
            "number": f"R-2026-{n:05}",
            "title": title,
            "institution": who,
            "state": state,
            "due": today + timedelta(days=d),
        }
        for n, title, who, state, d in ROWS
    ] * 4


@login_not_required
def listing(request: HttpRequest) -> HttpResponse:
    page = {"shown": 20, "total_text": "1 204", "next_url": "?after=42", "first_url": "?"}
    return render(request, "gallery/list.html", {"rows": rows(), "page": page, "filters": Filters()})


@login_not_required
def case(request: HttpRequest) -> HttpResponse:
    messages.success(request, "The answer was sent to the Department.")
    messages.error(request, "Somebody else changed this recommendation meanwhile. Nothing of yours was saved.")
    names = ["Draft", "Issued", "Under review", "In progress", "Claimed", "Verified", "Closed"]
    steps = [
        {"label": name, "is_done": place < 2, "is_present": place == 2, "note": "21.11.2026"}
        for place, name in enumerate(names)
    ]
    change = diff(
        "Бүтүрүү мөөнөтү: 2026-жыл, жооптуу декан", "Бүтүрүү мөөнөтү: 2027-жылдын 1-кварталы, жооптуу проректор"
    )
    entries = [
        {"who": "Нуржан Үсөнов (демо)", "text": "жооптун 2-версиясын жөнөттү", "at": AT, "diff": change},
        {"who": "Айгүл Өмүрзакова (демо)", "text": "мөөнөттү узартты", "at": AT, "note": "Себеби: 17.11 → 24.11"},
    ]
    comments = [
        {
            "is_internal": True,
            "audience": gettext("Internal: the institution does not see this"),
            "who": "Айгүл Өмүрзакова (демо)",
            "at": AT,
            "text": "Тастыктоочу документ жок, териштирели.",
        },
        {
            "is_internal": False,
            "audience": gettext("The institution sees this"),
            "who": "Нуржан Үсөнов (демо)",
            "at": AT,
            "text": "Буйруктун көчүрмөсү тиркелди.",
        },
    ]
    return render(
        request,
        "gallery/case.html",
        {"steps": steps, "entries": entries, "comments": comments, "text": TEXT, "blocked_for": [BLOCKED]},
    )


@login_not_required
def form(request: HttpRequest) -> HttpResponse:
    filled = Example(request.POST if request.method == "POST" else None)
    return render(request, "gallery/form.html", {"form": filled}, status=422 if filled.errors else 200)


urlpatterns = [
    path("gallery/list/", listing),
    path("gallery/case/", case),
    path("gallery/form/", form),
    path("", include("config.urls")),
]
