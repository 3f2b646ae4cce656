"""The addresses of this app's pages."""

from django.urls import path

from cases.followup.views import imports, inbox, listing

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("recommendations/", listing.recommendations, name="recommendations"),
    path("recommendations/issue/", listing.issue_many, name="recommendations_issue"),
    path("recommendations/import/", imports.import_resolution, name="import_resolution"),
    path("recommendations/import/confirm/", imports.import_confirm, name="import_confirm"),
    path("recommendations/export.<str:ending>", listing.export, name="recommendations_export"),
]
