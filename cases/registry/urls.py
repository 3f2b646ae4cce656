"""The addresses of the registry's pages."""

from django.urls import path

from cases.registry.views import acts, areas, imports, memberships, organisations, people

urlpatterns = [
    path("", organisations.organisations, name="organisations"),
    path("organisations/<str:code>/", organisations.organisation, name="organisation"),
    path("organisations/<str:code>/edit/", organisations.organisation_edit, name="organisation_edit"),
    path("organisations/<str:code>/deactivate/", organisations.organisation_deactivate, name="organisation_deactivate"),
    path("organisations/<str:code>/reactivate/", organisations.organisation_reactivate, name="organisation_reactivate"),
    path("add/organisation/", organisations.organisation_add, name="organisation_add"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/reactivate/", people.person_reactivate, name="person_reactivate"),
    path("people/<int:pk>/invite/", people.person_invite, name="person_invite"),
    path("people/<int:pk>/give/", memberships.membership_add, name="membership_add"),
    path("people/forgotten-password/", people.forgotten_password, name="forgotten_password"),
    path("people/set-password/<uidb64>/<token>/", people.SetPassword.as_view(), name="set_password"),
    path("add/person/", people.person_add, name="person_add"),
    path("memberships/<int:pk>/end/", memberships.membership_end, name="membership_end"),
    path("memberships/<int:pk>/substitute/", memberships.substitution_add, name="substitution_add"),
    path("acts/", acts.acts, name="acts"),
    path("acts/<int:pk>/", acts.legal_act, name="legal_act"),
    path("acts/<int:pk>/file/", acts.act_file, name="act_file"),
    path("acts/<int:pk>/edit/", acts.act_edit, name="act_edit"),
    path("acts/<int:pk>/deactivate/", acts.act_deactivate, name="act_deactivate"),
    path("acts/<int:pk>/reactivate/", acts.act_reactivate, name="act_reactivate"),
    path("add/act/", acts.act_add, name="act_add"),
    path("areas/", areas.areas, name="areas"),
    path("areas/<str:code>/edit/", areas.area_edit, name="area_edit"),
    path("areas/<str:code>/deactivate/", areas.area_deactivate, name="area_deactivate"),
    path("areas/<str:code>/reactivate/", areas.area_reactivate, name="area_reactivate"),
    path("add/area/", areas.area_add, name="area_add"),
    path("import/<str:kind>/", imports.registry_import, name="registry_import"),
    path("import/<str:kind>/<int:pk>/", imports.registry_preview, name="registry_preview"),
    path("import/<str:kind>/<int:pk>/take/", imports.registry_take, name="registry_take"),
    path("import/<str:kind>/<int:pk>/dismiss/", imports.registry_dismiss, name="registry_dismiss"),
    path("table/<str:kind>.<str:ending>", imports.registry_table, name="registry_table"),
]
