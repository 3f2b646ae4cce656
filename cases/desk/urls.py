"""The addresses of the desk: the inbox, and those that each kind gets by being registered."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from cases.desk import act, assigning, exports, go_to, inbox, pages, papers, procedure, rounds
from cases.desk.kinds import Kind, kinds
from cases.desk.leading import ASSIGN
from cases.desk.tabs import HISTORY, tab_url_name
from cases.desk.talking import COMMENT, COMMENT_INTERNAL, DOCUMENT
from workflow.rounds.decided import DecidedInRounds


def _addresses(kind: Kind) -> Iterator[URLPattern]:
    name, verbs, known = kind.name, kind.model.verbs(), {"kind": kind.name}
    if not kind.is_part and not kind.has_own_pages:
        yield path(f"{kind.path}/", pages.case_list, known, name=f"{name}_list")
        yield path(f"{kind.path}/export.<str:ending>", pages.case_export, known, name=f"{name}_export")
        yield path(f"{kind.path}/<str:number>/", pages.case, known, name=name)
    yield path(f"{kind.path}/<str:number>/act/<str:action>/", act.act, known, name=f"{name}_act")
    if issubclass(kind.model, DecidedInRounds):
        yield path(f"{kind.path}/<str:number>/route/", rounds.route, known, name=f"{name}_route")
        yield path(f"{kind.path}/<str:number>/procedure/", procedure.case_procedure, known, name=f"{name}_procedure")
    yield from _tabs(kind)
    if ASSIGN in verbs:
        yield path(f"{kind.path}/<str:number>/assign/", assigning.case_assign, known, name=f"{name}_assign")
    if COMMENT in verbs or COMMENT_INTERNAL in verbs:
        yield path(f"{kind.path}/<str:number>/comment/", papers.case_comment, known, name=f"{name}_comment")
    if DOCUMENT in verbs:
        documents = f"{kind.path}/<str:number>/documents/"
        yield path(documents, papers.case_document_add, known, name=f"{name}_document_add")
        yield path(f"{documents}<int:pk>/", papers.case_document, known, name=f"{name}_document")


def _tabs(kind: Kind) -> Iterator[URLPattern]:
    for tab in kind.tabs:
        if tab.sections:
            here = {"kind": kind.name, "name": tab.name}
            yield path(f"{kind.path}/<str:number>/{tab.name}/", pages.case_tab, here, name=tab_url_name(kind, tab))
    if kind.tabs:
        address = f"{kind.path}/<str:number>/{HISTORY.name}/"
        yield path(address, pages.case_past, {"kind": kind.name}, name=tab_url_name(kind, HISTORY))


urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("number/", go_to.go_to, name="go_to"),
    path("case/<str:kind>/<int:pk>/", pages.case_by_key, name="case_by_key"),
    path("exports/ask/<str:kind>/", exports.export_ask, name="export_ask"),
    path("exports/<int:pk>/", exports.export, name="export"),
    path("exports/<int:pk>/file/", exports.export_file, name="export_file"),
    path("procedures/approval/", procedure.procedure, name="procedure"),
    path("procedures/approval.bpmn", procedure.procedure_bpmn, name="procedure_bpmn"),
    *(address for kind in kinds().values() for address in _addresses(kind)),
]
