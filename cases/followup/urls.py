"""The addresses of this app's pages."""

from django.urls import path

from cases.followup.views import case, drafts, evidence, extensions, imports, leading, listing, plans

urlpatterns = [
    path("recommendations/", listing.recommendations, name="recommendations"),
    path("recommendations/issue/", listing.issue_many, name="recommendations_issue"),
    path("recommendations/import/", imports.import_resolution, name="import_resolution"),
    path("recommendations/import/confirm/", imports.import_confirm, name="import_confirm"),
    path("recommendations/export.<str:ending>", listing.export, name="recommendations_export"),
    path("recommendations/new/", drafts.draft_new, name="draft_new"),
    path("recommendations/<str:number>/", case.recommendation, name="recommendation"),
    path("recommendations/<str:number>/edit/", drafts.draft_edit, name="draft_edit"),
    path("recommendations/<str:number>/succeed/", leading.succeed, name="succeed"),
    path("recommendations/<str:number>/translate/", leading.translate, name="translate"),
    path("recommendations/<str:number>/plan/", plans.plan_edit, name="plan_edit"),
    path("recommendations/<str:number>/measures/<int:pk>/explain/", evidence.measure_explain, name="measure_explain"),
    path("recommendations/<str:number>/interim/<int:pk>/explain/", evidence.interim_explain, name="interim_explain"),
    path("recommendations/<str:number>/evidence/", evidence.evidence_add, name="evidence_add"),
    path("recommendations/<str:number>/evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("recommendations/<str:number>/evidence/<int:pk>/review/", evidence.evidence_review, name="evidence_review"),
    path("recommendations/<str:number>/extend/", extensions.extension_add, name="extension_add"),
]
