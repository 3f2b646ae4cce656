"""What the frame of every page needs from the settings and the reader's choices."""

from django.http import HttpRequest

from config.preferences import THEMES
from config.source import source_url
from config.version import commit, version


def site(request: HttpRequest) -> dict[str, object]:
    theme = request.COOKIES.get("theme", "auto")
    return {
        "theme": theme if theme in THEMES else "auto",
        "version": version(),
        "commit": commit()[:10],
        "source_url": source_url(),
    }
