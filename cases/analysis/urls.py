"""The addresses of analysis' own pages."""

from django.urls import path

from cases.analysis import views

urlpatterns = [
    path("engagements/<str:number>/findings/add/", views.finding_add, name="finding_add"),
    path("findings/<str:number>/edit/", views.finding_edit, name="finding_edit"),
]
