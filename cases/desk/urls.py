"""The addresses of the desk: the inbox, and those that each kind gets by being registered."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from cases.desk import act, exports, inbox, pages, papers
from cases.desk.kinds import Kind, kinds
from cases.desk.talking import COMMENT, COMMENT_INTERNAL, DOCUMENT


def _addresses(kind: Kind) -> Iterator[URLPattern]:
    name, verbs, known = kind.name, kind.model.verbs(), {"kind": kind.name}
    if not kind.is_part and not kind.has_own_pages:
        yield path(f"{kind.path}/", pages.case_list, known, name=f"{name}_list")
        yield path(f"{kind.path}/export.<str:ending>", pages.case_export, known, name=f"{name}_export")
        yield path(f"{kind.path}/<str:number>/", pages.case, known, name=name)
    yield path(f"{kind.path}/<str:number>/act/<str:action>/", act.act, known, name=f"{name}_act")
    if COMMENT in verbs or COMMENT_INTERNAL in verbs:
        yield path(f"{kind.path}/<str:number>/comment/", papers.case_comment, known, name=f"{name}_comment")
    if DOCUMENT in verbs:
        here = f"{kind.path}/<str:number>/documents/"
        yield path(here, papers.case_document_add, known, name=f"{name}_document_add")
        yield path(f"{here}<int:pk>/", papers.case_document, known, name=f"{name}_document")


urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("case/<str:kind>/<int:pk>/", pages.case_by_key, name="case_by_key"),
    path("exports/ask/<str:kind>/", exports.export_ask, name="export_ask"),
    path("exports/<int:pk>/", exports.export, name="export"),
    path("exports/<int:pk>/file/", exports.export_file, name="export_file"),
    *(address for kind in kinds().values() for address in _addresses(kind)),
]
