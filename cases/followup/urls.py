"""The addresses of this app's pages."""

from django.urls import path

from cases.followup.views import acts, case, imports, inbox, listing

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("recommendations/", listing.recommendations, name="recommendations"),
    path("recommendations/issue/", listing.issue_many, name="recommendations_issue"),
    path("recommendations/import/", imports.import_resolution, name="import_resolution"),
    path("recommendations/import/confirm/", imports.import_confirm, name="import_confirm"),
    path("recommendations/export.<str:ending>", listing.export, name="recommendations_export"),
    path("recommendations/<str:number>/", case.recommendation, name="recommendation"),
    path("recommendations/<str:number>/act/<str:action>/", acts.act, name="act"),
    path("extensions/<str:number>/act/<str:action>/", acts.extension_act, name="extension_act"),
]
