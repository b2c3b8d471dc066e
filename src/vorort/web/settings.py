"""Settings from the environment; what is not set is safe. Nothing is loaded from elsewhere.

VORORT_DATABASE: path of a SQLite file, or postgresql://user:password@host:port/name.
VORORT_SECRET: signing key; without it one is made beside the SQLite file (mode 0600).
VORORT_HOSTS: names this server answers to, by comma. VORORT_PLAIN_HTTP=1: cookies without TLS.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from vorort.web.parts import APPS

BASE = Path(__file__).parent


# Opening a connection takes as long as a tenth of a page, and what it has read is gone with it.
KEPT_OPEN = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}  # seconds; project estimate


def database(address: str) -> dict[str, Any]:
    """The connection for a path or a postgresql:// address."""
    if address.startswith("postgresql://"):
        parts = urlsplit(address)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            **KEPT_OPEN,
            "OPTIONS": {"server_side_binding": True},
        }
    # IMMEDIATE: a transaction takes the write lock before it reads, so that what it has checked
    # still holds when it writes. secure_delete: what is deleted is overwritten in the file.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": address,
        **KEPT_OPEN,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
                "PRAGMA cache_size=-32000;"  # kB: a city's indexes are more than 2 MB
            ),
        },
    }


def secret(address: str) -> str:
    """The signing key: given, or made once beside the database file."""
    given = os.environ.get("VORORT_SECRET", "")
    if given:
        return given
    if address.startswith("postgresql://"):
        raise SystemExit("VORORT_SECRET fehlt / is missing")
    path = Path(address).with_suffix(".secret")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:  # another process was quicker
            return path.read_text("ascii")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text("ascii")


_ADDRESS = os.environ.get("VORORT_DATABASE", str(Path.cwd() / "var" / "vorort.sqlite3"))
_PLAIN = os.environ.get("VORORT_PLAIN_HTTP") == "1"

SECRET_KEY = secret(_ADDRESS)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("VORORT_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
DATABASES = {"default": database(_ADDRESS)}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django_tasks",
    "django_tasks_db",
    *(f"vorort.web.{app}" for app in APPS),
    "vorort.web",
]
MIDDLEWARE = [
    "vorort.web.middleware.on_one_day",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "vorort.web.middleware.never_stored",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "vorort.web.middleware.shell",
            ],
            "libraries": {"words": "vorort.web.words"},
            "builtins": ["vorort.web.words"],
        },
    }
]
ROOT_URLCONF = "vorort.web.urls"
WSGI_APPLICATION = "vorort.web.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["vorort.web.accounts.login.LocalLogin"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "de"
USE_I18N = False  # two languages, side by side in the templates: see words.py
USE_TZ = True
TIME_ZONE = os.environ.get("VORORT_TIME_ZONE", "Europe/Berlin")
DATE_FORMAT = "d.m.Y"

STATIC_URL = "/static/"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "font-src": [SELF],
        "script-src": [SELF],  # htmx; every page works without it
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],  # KERN's own marks
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not _PLAIN
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Queries and form values may hold facts about people: nothing of them is logged.
LOGGING = {"version": 1, "disable_existing_loggers": True, "root": {"level": "ERROR"}}
# Long work runs in a process of its own (`vorort web worker`); no broker, the database is enough.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
