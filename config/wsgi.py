"""The entry point of web servers."""

import os

from django.core.wsgi import get_wsgi_application

from cases.ground.limits import Process, limit_connections
from config.owner import refuse_to_serve_as_owner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
limit_connections(Process.WEB)
application = get_wsgi_application()
refuse_to_serve_as_owner()
