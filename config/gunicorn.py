"""How the web server runs: `gunicorn --config config/gunicorn.py config.wsgi`; each number can be set from outside."""

import os
import sys
from typing import Any

from config.environment import number, text

bind = text("BIND", "127.0.0.1:8000")
workers = number("WEB_WORKERS", default=max(2, min(os.cpu_count() or 2, 8)), most=64)
"""Processes. Each thread of each may hold a database connection: workers x threads must fit into max_connections."""
threads = number("WEB_THREADS", default=4, most=64)
worker_class = "config.web_server.WebWorker"
preload_app = True
backlog = 256
"""Connections that the kernel keeps before a worker takes them."""
timeout = 60
"""Seconds after which a process whose main thread does not answer is replaced."""
graceful_timeout = 30
keepalive = 20
"""Seconds that a connection may stay silent; a thread is not held by it."""
max_requests, max_requests_jitter = 20_000, 2_000
forwarded_allow_ips = "127.0.0.1"
secure_scheme_headers: dict[str, str] = {}
"""What proxies say is read by config/proxies.py alone."""
accesslog = "-"
logger_class = "config.access_log.AccessLog"
control_socket_disable = True


def when_ready(server: Any) -> None:
    if "config.wsgi" not in sys.modules:
        return
    from config.grants import owns_too_much  # noqa: PLC0415 - Django is set up by now

    if fault := owns_too_much():
        server.log.error(fault)
