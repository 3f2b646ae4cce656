"""How a recommendation and a request for more time come to each place of the table: by real acts, on own days."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.followup.models import EffectReview, Extension, Recommendation
from cases.followup.verbs import (
    Draft,
    MeasureDraft,
    attach,
    draft_recommendation,
    request_extension,
    review_evidence,
    write_plan,
)
from cases.followup.verbs.clock import ask_for_effect
from cases.registry.models import User
from tests.cast import Cast
from tests.factories import CONTENT, make_source
from tests.workflow.effects import TODAY, Clock, Scene
from workflow.door import perform

KY, RU = "Китепкананын корун толуктоо.", "Пополнить фонд библиотеки."
CAUSE, INTERIM, WHY = "Criterion 5.2", "Half of the books", "It is so."
DUE, INTERIM_DUE = date(2027, 11, 30), date(2027, 8, 16)
MEASURES = (
    MeasureDraft("Order the books", "Head of the library", date(2027, 9, 30)),
    MeasureDraft("Enter them in the catalogue", "Cataloguer", date(2027, 10, 29)),
)
UNTIL = date(2027, 12, 30)
DAYS = {
    "create": 1,
    "issue": 2,
    "dispute": 3,
    "plan": 3,
    "respond": 4,
    "agree_plan": 7,
    "claim": 10,
    "confirm": 11,
    "close_unimplemented": 13,
}
"""act -> the day of June 2027 on which it is done; all others are done on the 14th."""


ACTS: dict[str, tuple[str, dict[str, Any]]] = {
    "issue": ("coordinator", {}),
    "dispute": ("rector", {"reason": "The library is small.", "asked": "Take it back."}),
    "respond": ("rector", {"response": "partial", "left_out": "No periodicals.", "text": "Gladly."}),
    "agree_plan": ("coordinator", {}),
    "return_plan": ("coordinator", {"reason": "Add the periodicals."}),
    "claim": ("rector", {"text": "All is done."}),
    "not_confirmed": ("coordinator", {"reason": "Half is missing."}),
    "confirm": ("coordinator", {"degree": "most"}),
    "close": ("head", {"closing_reason": "implemented"}),
    "close_unimplemented": (
        "leader",
        {"reason": "It costs too much.", "risk_owner": "The rector", "risk_expires_on": TODAY - timedelta(days=1)},
    ),
}
"""act -> who does it, with what"""
ANSWERED = "issue plan respond"
PROVED = f"{ANSWERED} agree_plan prove"
CLAIMED = f"{PROVED} claim review"
PATHS = {
    "draft": "",
    "issued": "issue plan",
    "issued:again": f"{ANSWERED} return_plan",
    "issued:late": "issue plan",
    "disputed": "issue dispute",
    "under_review": ANSWERED,
    "under_review:lasting": ANSWERED,
    "in_progress": PROVED,
    "in_progress:bare": f"{ANSWERED} agree_plan",
    "in_progress:late": f"{ANSWERED} agree_plan",
    "in_progress:again": f"{PROVED} claim not_confirmed",
    "in_progress:asked": f"{PROVED} ask",
    "claimed": CLAIMED,
    "claimed:unread": f"{PROVED} claim",
    "verified": f"{CLAIMED} confirm",
    "closed": f"{CLAIMED} confirm close",
    "closed:year ago": f"{CLAIMED} confirm close",
    "closed:risk": f"{PROVED} close_unimplemented",
}
"""place -> what leads there from a draft; a place is a state, and after a colon what is special about it"""


def new_draft(
    cast: Cast,
    *,
    due: date | None = DUE,
    interim_due: date = INTERIM_DUE,
    text: str = RU,
    coordinator: User | None = None,
) -> Draft:
    return Draft(
        institution=cast.university,
        department=cast.department,
        source=make_source(cast.department),
        item="3.1",
        texts={"ky": KY, "ru": text},
        cause=CAUSE,
        classification="improvement",
        contributors=["Accounts"],
        interim=[(interim_due, INTERIM)] if due else [],
        due=due,
        no_due_reason="" if due else "It is lasting.",
        coordinator=coordinator or cast.coordinator,
        watcher=cast.controller,
    )


class Walk:
    """A recommendation on its way; each step is one act, done by whom it is for."""

    def __init__(self, cast: Cast, clock: Clock, *, year: int = TODAY.year, **contents: Any) -> None:
        self.cast, self.clock, self.year = cast, clock, year
        self._on("create")
        self.case: Recommendation = draft_recommendation(new_draft(cast, **contents), by=self._as("coordinator"))

    def go(self, path: str) -> None:
        for step in path.split():
            self._on(step)
            if step in ACTS:
                who, inputs = ACTS[step]
                perform(self.case, step, by=self._as(who), **inputs)
            else:
                getattr(self, step)()
        self.case.refresh_from_db()

    def plan(self) -> None:
        write_plan(self.case, MEASURES, by=self._as("officer"), version=self.case.version)

    def prove(self) -> None:
        [interim] = self.case.interims()
        for name, duty in [*((f"{one.position}.pdf", {"measure": one}) for one in self.case.measures_now()),
                           ("interim.pdf", {"interim": interim})]:  # fmt: skip
            attach(self.case, SimpleUploadedFile(name, CONTENT), by=self._as("officer"), **duty)

    def review(self) -> None:
        for file in self.case.evidence_now():
            review_evidence(file, "accepted", by=self._as("coordinator"))
        self.case.refresh_from_db()

    def ask(self) -> None:
        request_extension(self.case, until=UNTIL, reason=WHY, by=self._as("officer"))

    def _on(self, action: str) -> None:
        self.clock.day = date(self.year, TODAY.month, DAYS.get(action, 14))

    def _as(self, name: str) -> User:
        return User.objects.get(pk=getattr(self.cast, name).pk)


def recommendation_at(cast: Cast, clock: Clock, place: str) -> Scene:
    """At a place of PATHS, or not stored yet."""
    if not place:
        make_source(cast.department)
        return Scene(cast, Recommendation())
    special: dict[str, dict[str, Any]] = {
        "lasting": {"due": None},
        "year ago": {"year": TODAY.year - 1},
        "late": {"year": TODAY.year - 1, "interim_due": TODAY - timedelta(days=1)},
    }
    walk = Walk(cast, clock, **special.get(place.partition(":")[2], {}))
    walk.go(PATHS[place])
    return Scene(cast, walk.case)


def effect_review_at(cast: Cast, clock: Clock, place: str) -> Scene:
    """Of a recommendation that was closed as done on 14 June a year ago; reported the day before TODAY."""
    walk = Walk(cast, clock, year=TODAY.year - 1)
    walk.go(PATHS["closed"])
    if not place:
        return Scene(cast, EffectReview(recommendation=walk.case))
    clock.day = TODAY - timedelta(days=1)
    ask_for_effect(walk.case, clock.now())
    review = EffectReview.objects.get()
    if place != "asked":
        perform(review, "report", by=cast.officer, effect="partly", text="Half of them are lent.")
    return Scene(cast, review)


def extension_at(cast: Cast, clock: Clock, place: str) -> Scene:
    walk = Walk(cast, clock)
    walk.go(PATHS["in_progress:asked" if place else "in_progress"])
    return Scene(cast, Extension.objects.get() if place else Extension(recommendation=walk.case))
