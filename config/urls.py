"""Which address leads to which app."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordChangeDoneView
from django.urls import include, path

from config.preferences import ChangePassword, SignOut, set_language, set_theme
from config.signing_in import SignIn
from config.source import source

urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", login_not_required(SignOut.as_view()), name="logout"),
    path("password/", ChangePassword.as_view(), name="password_change"),
    path(
        "password/done/",
        PasswordChangeDoneView.as_view(template_name="password_change_done.html"),
        name="password_change_done",
    ),
    path("language/", set_language, name="set_language"),
    path("theme/", set_theme, name="set_theme"),
    path("source/", source, name="source"),
    path("registry/", include("cases.registry.urls")),
    path("trail/", include("cases.trail.urls")),
    path("messages/", include("notifications.urls")),
    path("", include("cases.planning.urls")),
    path("", include("cases.analysis.urls")),
    path("", include("cases.desk.urls")),
    path("", include("cases.followup.urls")),
]
