"""What a look at a page is, and which addresses are no pages."""

from typing import Any, NamedTuple

NO_PAGES = {
    "logout/", "language/", "theme/", "source/", "recommendations/issue/", "recommendations/import/confirm/",
    "recommendations/export.<str:ending>", "recommendations/<str:number>/evidence/<int:pk>/file/",
    "registry/acts/<int:pk>/file/", "registry/table/<str:kind>.<str:ending>", "registry/people/<int:pk>/invite/",
    "registry/import/<str:kind>/<int:pk>/take/", "registry/import/<str:kind>/<int:pk>/dismiss/", "trail/verify.py",
    r"trail/export\.(?P<ending>csv|jsonl)$", "messages/read/", "messages/<int:pk>/", "messages/<int:pk>/read/",
    "messages/undelivered/<int:pk>/again/", "account-changes/export.<str:ending>", "case/<str:kind>/<int:pk>/",
    "exports/ask/<str:kind>/", "exports/<int:pk>/file/",
    "plans/export.<str:ending>", "plans/coverage/export.<str:ending>",
    "plans/<str:number>/documents/<int:pk>/", "engagements/export.<str:ending>",
    "engagements/<str:number>/institutions/export.<str:ending>", "deliverables/list/",
    "engagements/<str:number>/documents/<int:pk>/", "deliverables/export.<str:ending>",
    "deliverables/<str:number>/form-<str:language>.docx", "deliverables/<str:number>/lines/export.xlsx",
    "deliverables/<str:number>/files/<int:pk>/", "findings/export.<str:ending>",
    "findings/<str:number>/documents/<int:pk>/", "procedures/approval.bpmn",
}  # fmt: skip
"""Routes that hand out files, lead elsewhere or are only sent to."""


class Look(NamedTuple):
    """Who opens which address; with `sent` the form there is filled and sent, and what comes back is looked at."""

    who: str
    address: str
    sent: dict[str, Any] | None = None
    status: int = 200
