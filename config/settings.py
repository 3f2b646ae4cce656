"""Settings, read from the environment; a value that cannot be understood stops the start and names itself."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(environment.text("VAR_DIR") or BASE_DIR / "var")

DEBUG = environment.flag("DEBUG", default=False)
HTTPS = environment.flag("HTTPS", default=not DEBUG)
"""Whether people reach the site over HTTPS: secure cookies and HSTS depend on it."""
SECRET_KEY = os.environ.get("SECRET_KEY", "only-for-development" if DEBUG else "")
if not SECRET_KEY.strip():  # Set but empty is a mistake on a developer's machine, too.
    raise ImproperlyConfigured("Set SECRET_KEY (a long random text), or DEBUG=true on a developer's machine.")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
TRUSTED_PROXIES = environment.number("TRUSTED_PROXIES", default=0, most=10)
"""How many proxies of ours a request passes; what they say of the client's address and of HTTPS is believed."""
if HTTPS and not environment.text("TRUSTED_PROXIES"):
    raise ImproperlyConfigured(
        "Set TRUSTED_PROXIES: 1 behind one proxy that ends HTTPS, 0 when gunicorn itself does (or set HTTPS=false)."
    )
PROXY_ADDRESSES = environment.networks("PROXY_ADDRESSES", ["127.0.0.1", "::1"])
"""The address of the last one. Requests from elsewhere count as coming without a proxy."""
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_fsm",
    "guardian",
    "viewflow.workflow",
    "config",
    "workflow",
    "workflow.rounds",
    "cases.ground",
    "cases.registry",
    "cases.desk",
    "cases.planning",
    "cases.analysis",
    "cases.followup",
    "cases.accounts",
    "cases.trail",
    "notifications",
]

MIDDLEWARE = [
    "config.proxies.ProxyMiddleware",
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.outage.OutageMiddleware",  # Inside of what adds headers, outside of all that may need the database.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.not_found.NotFoundPage",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.signed_in.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.caching.CachingMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.not_found.NoSuchAddress",
    "cases.ground.submitted.OnceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.navigation",
                "config.context.site",
                "notifications.context.unread",
            ],
        },
    },
]
FORM_RENDERER = "config.forms.Renderer"

DATABASES = {"default": environment.database("DATABASE_URL")}
WEB_ROLE = environment.text("WEB_ROLE")
"""The database role of web and worker; after each migration it is granted what it needs, and owns nothing."""
EMBEDDED_DATABASE = environment.flag("EMBEDDED_DATABASE", default=False)
"""Whether it is the database that `make run` brings, into which the demo may be loaded."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "inbox"
CSRF_FAILURE_VIEW = "config.unsent.csrf_failure"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_HANDLER = "config.attempts.Attempts"
AXES_LOCKOUT_PARAMETERS = "config.attempts.counted_by"
AXES_USERNAME_FORM_FIELD = "username"  # what the form of signing in calls it, whatever the model does
AXES_USERNAME_CALLABLE = "config.attempts.typed_address"
AXES_CLIENT_IP_CALLABLE = "config.attempts.place"
AXES_LOCKOUT_CALLABLE = "config.signing_in.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # A wait is as long as the page said.
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = ["username", "csrfmiddlewaretoken", "next", "unsent"]  # kept out of axes' tables
GUARDIAN_RAISE_403 = False
ANONYMOUS_USER_NAME = None
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # rights on cases are read by visible_to(), not through a backend

LANGUAGE_CODE = "ky"
LANGUAGES = [("ky", _("Kyrgyz")), ("ru", _("Russian")), ("en", _("English"))]
MODELTRANSLATION_LANGUAGES = ("ky", "ru", "en")
MODELTRANSLATION_FALLBACK_LANGUAGES = {"default": ("ky", "ru", "en")}
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Bishkek"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
EVIDENCE_DIR = Path(environment.text("EVIDENCE_DIR", str(VAR_DIR / "evidence")))
FILE_UPLOAD_HANDLERS = ["config.uploads.Receiver"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # The preview of a resolution has eleven fields for each of 500 items.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

MAIL = environment.mail_server("EMAIL_URL", default="console:" if DEBUG else "")
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.use_tls, MAIL.use_ssl
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "Baikoo <baikoo@localhost>")
EMAIL_TIMEOUT = 10  # seconds; far less than the worker's lease on a message
SITE_URL = environment.text("SITE_URL", "http://127.0.0.1:8000" if DEBUG else "")
"""Where people reach the site; links in e-mails begin with it."""
if not SITE_URL:
    raise ImproperlyConfigured("Set SITE_URL, such as https://baikoo.kg: links in e-mails begin with it.")
SOURCE_URL = environment.text("SOURCE_URL")
"""Where the source is published, with {commit} in its place; empty: Baikoo hands out its own source."""

CELERY_BROKER_URL = environment.text("REDIS_URL")
"""Empty: no Redis; the worker is the loop of `manage.py worker`."""
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True  # A killed worker loses nothing.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 1200  # seconds; so that a task that hangs ends, and /healthz tells the truth
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")  # outside of the code
CELERY_TIMEZONE = TIME_ZONE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one_line": {"()": "config.database_trouble.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "baikoo.security": {"level": "INFO"},
        "django.request": {"filters": ["one_line"]},
        "axes": {"level": "ERROR"},  # It masks who it was; config/attempts.py says it.
    },
}
