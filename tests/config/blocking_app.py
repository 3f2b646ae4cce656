"""A web application whose pages wait until a file lets them go on; its /healthz never waits."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["FOLDER"])


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    (FOLDER / f"started{path.replace('/', '-')}").touch()
    while path != "/healthz" and not (FOLDER / "go-on").exists():
        time.sleep(0.01)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [path.encode()]
