"""The entry point of web servers."""

import os

from django.core.wsgi import get_wsgi_application

from cases.ground.limits import Process, limit_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
limit_connections(Process.WEB)
application = get_wsgi_application()
