"""The addresses of planning's own pages."""

from django.urls import path

from cases.planning.views import coverage, plans

urlpatterns = [
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/coverage/", coverage.coverage_page, name="coverage"),
    path("plans/coverage/export.<str:ending>", coverage.coverage_export, name="coverage_export"),
    path("plans/<str:number>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<str:number>/next/", plans.plan_next, name="plan_next"),
    path("plans/<str:number>/items/add/", plans.item_add, name="plan_item_add"),
    path("plans/<str:number>/items/<int:place>/edit/", plans.item_edit, name="plan_item_edit"),
    path("plans/<str:number>/items/<int:place>/remove/", plans.item_remove, name="plan_item_remove"),
    path("plans/<str:number>/compare/", plans.plan_compare, name="plan_compare"),
]
