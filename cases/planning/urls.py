"""The addresses of planning's own pages."""

from django.urls import path

from cases.planning.views import (
    coverage,
    deliverables,
    engagements,
    institutions,
    lines,
    plans,
    proposals,
    stages,
)

urlpatterns = [
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/coverage/", coverage.coverage_page, name="coverage"),
    path("plans/coverage/export.<str:ending>", coverage.coverage_export, name="coverage_export"),
    path("plans/<str:number>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<str:number>/next/", plans.plan_next, name="plan_next"),
    path("plans/<str:number>/items/add/", plans.item_add, name="plan_item_add"),
    path("plans/<str:number>/items/<int:place>/edit/", plans.item_edit, name="plan_item_edit"),
    path("plans/<str:number>/items/<int:place>/remove/", plans.item_remove, name="plan_item_remove"),
    path("plans/<str:number>/proposals/<str:deliverable>/<int:place>/", proposals.plan_weigh, name="plan_weigh"),
    path("plans/<str:number>/compare/", plans.plan_compare, name="plan_compare"),
    path("engagements/new/", engagements.engagement_new, name="engagement_new"),
    path("engagements/<str:number>/edit/", engagements.engagement_edit, name="engagement_edit"),
    path("engagements/<str:number>/dates/", engagements.engagement_dates, name="engagement_dates"),
    path(
        "engagements/<str:number>/institutions/", institutions.engagement_institutions, name="engagement_institutions"
    ),
    path(
        "engagements/<str:number>/institutions/export.<str:ending>",
        institutions.engagement_institutions_export,
        name="engagement_institutions_export",
    ),
    path("engagements/<str:number>/experts/add/", engagements.expert_add, name="expert_add"),
    path("engagements/<str:number>/experts/<int:pk>/remove/", engagements.expert_remove, name="expert_remove"),
    path("deliverables/list/", stages.stages_in_force, name="stages_in_force"),
    path("deliverables/list/<int:version>/", stages.stage_template, name="stage_template"),
    path("deliverables/<str:number>/write/", deliverables.deliverable_write, name="deliverable_write"),
    path("deliverables/<str:number>/attach/", deliverables.deliverable_attach, name="deliverable_attach"),
    path("deliverables/<str:number>/due/", deliverables.deliverable_due, name="deliverable_due"),
    path("deliverables/<str:number>/scan/", deliverables.deliverable_scan, name="deliverable_scan"),
    path("deliverables/<str:number>/expert/", deliverables.deliverable_expert, name="deliverable_expert"),
    path("deliverables/<str:number>/reviewers/", deliverables.deliverable_reviewers, name="deliverable_reviewers"),
    path("deliverables/<str:number>/form-<str:language>.docx", deliverables.deliverable_form, name="deliverable_form"),
    path("deliverables/<str:number>/compare/", deliverables.deliverable_compare, name="deliverable_compare"),
    path("deliverables/<str:number>/lines/add/", lines.line_add, name="line_add"),
    path("deliverables/<str:number>/lines/import/", lines.lines_import, name="lines_import"),
    path("deliverables/<str:number>/lines/export.xlsx", lines.lines_export, name="lines_export"),
    path("deliverables/<str:number>/lines/<int:place>/edit/", lines.line_edit, name="line_edit"),
    path("deliverables/<str:number>/lines/<int:place>/remove/", lines.line_remove, name="line_remove"),
    path("deliverables/<str:number>/files/<int:pk>/", deliverables.deliverable_file, name="deliverable_file"),
    path(
        "deliverables/<str:number>/files/<int:pk>/remove/", deliverables.deliverable_detach, name="deliverable_detach"
    ),
]
