"""The addresses of this app's pages."""

from django.urls import path

from notifications.views import message, message_read, messages, messages_read, undelivered, undelivered_again

urlpatterns = [
    path("", messages, name="messages"),
    path("read/", messages_read, name="messages_read"),
    path("undelivered/", undelivered, name="undelivered"),
    path("undelivered/<int:pk>/again/", undelivered_again, name="undelivered_again"),
    path("<int:pk>/", message, name="message"),
    path("<int:pk>/read/", message_read, name="message_read"),
]
