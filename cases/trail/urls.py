"""The addresses of this app's pages."""

from django.urls import path, re_path

from cases.trail import views

urlpatterns = [
    path("", views.trail, name="trail"),
    path("<int:pk>/", views.trail_event, name="trail_event"),
    path("verify.py", views.trail_verifier, name="trail_verifier"),
    re_path(r"^export\.(?P<ending>csv|jsonl)$", views.trail_export, name="trail_export"),
]
