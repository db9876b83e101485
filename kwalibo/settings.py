"""All settings, in one file. The environment is read here and nowhere else.

Every variable has a default with which the site runs on a laptop; the README
lists them.
"""

import re
import secrets
from pathlib import Path

from django.utils.csp import CSP
from environs import Env, validate

from .monitoring import logs

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

# Names of this machine itself; testserver is that of Django's test client.
OWN_NAMES = {"localhost", "127.0.0.1", "[::1]", "testserver"}

env = Env(eager=False)


def local_secret() -> str:
    """Return the secret key of this installation, made at its first start.

    It lies outside version control and is readable by its owner alone. An
    installation on several machines sets SECRET_KEY instead.
    """
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
# An installation that others can reach needs one of its own: see kwalibo/operations/checks.py.
SERVES_OTHERS = not OWN_NAMES.issuperset(ALLOWED_HOSTS)
SECRET_KEY = env.str("SECRET_KEY", "") or ("" if SERVES_OTHERS else local_secret())
# Keys of before, that still open what they signed.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# Set where the site is served over HTTPS: cookies and redirects then insist on it.
HTTPS = env.bool("HTTPS", False)

INSTALLED_APPS = [
    "measures",
    "parties",
    "kwalibo.apps.KwaliboAdminConfig",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "kwalibo.signin",
    "kwalibo.archive",
    "kwalibo.follow",
    "kwalibo.operations",
    "kwalibo.monitoring",
    "auditlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_filters",
]

MIDDLEWARE = [
    "kwalibo.monitoring.requests.SeenMiddleware",
    "kwalibo.operations.headers.BrowserPolicyMiddleware",
    "kwalibo.operations.health.HealthMiddleware",
    "measures.api.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "kwalibo.limits.RateLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "measures.reference_date.ReferenceDateMiddleware",
]

ROOT_URLCONF = "kwalibo.urls"
CSRF_FAILURE_VIEW = "kwalibo.errors.form_refused"
WSGI_APPLICATION = "kwalibo.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "measures.reference_date.context",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL", f"sqlite:///{VAR_DIR / 'kwalibo.sqlite3'}", conn_max_age=60
    )
}
# PostgreSQL alone: how many connections each process shares between its threads (0: each thread
# keeps its own), and after how long a statement is stopped (0: never, for a long migration).
DATABASE_POOL = env.int("DATABASE_POOL", 0)
DATABASE_STATEMENT_SECONDS = env.int("DATABASE_STATEMENT_SECONDS", 60)
# How long who writes waits for somebody else who writes (SQLite: for any other writer).
DATABASE_LOCK_SECONDS = env.int("DATABASE_LOCK_SECONDS", 20)

# In the process itself, or shared by all of them in Redis or Valkey.
CACHE_URL = env.str("CACHE_URL", "")
CACHES: dict[str, dict] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if CACHE_URL:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        # The client knows Valkey by the name of Redis.
        "LOCATION": re.sub("^valkey", "redis", CACHE_URL),
        "KEY_PREFIX": "kwalibo",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "kwalibo.signin.passwords.OurWordsValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# The second step of logging in, for everybody who has a password here.
SECOND_FACTOR = env.bool("SECOND_FACTOR", not DEBUG)
OTP_TOTP_ISSUER = "Kwalibo-voortgang"
# After how many minutes in which nothing was asked or sent a person is logged out, and after
# how many hours in any case.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 60)
SESSION_COOKIE_AGE = 60 * 60 * env.int("SESSION_HOURS", 12)
SESSION_COOKIE_SAMESITE = "Lax"

# Single sign-on by OpenID Connect: off until there is an issuer.
OIDC_ISSUER = env.str("OIDC_ISSUER", "")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
OIDC_NAME = env.str("OIDC_NAME", "eenmalige aanmelding")

LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "staticfiles")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    # The design system draws the arrow of a select box as a data: image.
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# What a later choice of the domain could not take back is not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # SECURE_HSTS_PRELOAD
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# The token stands in each form; no script of ours reads the cookie.
CSRF_COOKIE_HTTPONLY = True
# A browser takes a cookie of this name from this very host alone, over HTTPS.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "kwalibo.operations.messages.Storage"
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of our own a request passes: kwalibo/client_address.py.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 1 if BEHIND_PROXY else 0)
# How often a minute one client may ask for what is dear, once others can reach the site; 0: no end.
RATE_LIMITS = env.bool("RATE_LIMITS", SERVES_OTHERS)
LOGIN_PER_MINUTE = env.int("LOGIN_PER_MINUTE", 30)
SEARCH_PER_MINUTE = env.int("SEARCH_PER_MINUTE", 120)
DOCUMENTS_PER_MINUTE = env.int("DOCUMENTS_PER_MINUTE", 60)

# How many days before its deadline a measure is shown as 'nadert'.
DEADLINE_NEAR_DAYS = env.int("DEADLINE_NEAR_DAYS", 30)
# After how many days without a progress update a measure that goes on is 'rapportage te laat'.
REPORT_LATE_DAYS = env.int("REPORT_LATE_DAYS", 180)

# A second person approves every text; a team of one sets FOUR_EYES=0.
FOUR_EYES = env.bool("FOUR_EYES", True)

# Field-level history: see parties/history.py. Where somebody sits is not kept with it.
AUDITLOG_DISABLE_REMOTE_ADDR = True

# How the world reaches the site: in mails, canonical addresses, previews and the site map.
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
# Mail: written to the console until a server is named.
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "kwalibo-voortgang@localhost")
SMTP_HOST = env.str("SMTP_HOST", "")
MAILERS: dict[str, dict] = {
    "default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}
if SMTP_HOST:
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": SMTP_HOST,
            "port": env.int("SMTP_PORT", 587),
            "username": env.str("SMTP_USER", ""),
            "password": env.str("SMTP_PASSWORD", ""),
            "use_tls": env.bool("SMTP_TLS", True),
            "timeout": 20,
        },
    }

# Who stands behind the site; a page says plainly what is not filled in here.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "")
CONTACT_ADDRESS: list[str] = env.list("CONTACT_ADDRESS", [], subcast=str.strip)
PRIVACY_CONTACT = env.str("PRIVACY_CONTACT", "")
SERVER_LOG_DAYS = env.int("SERVER_LOG_DAYS", None)
SECURITY_CONTACT: list[str] = env.list("SECURITY_CONTACT", [], subcast=str.strip)
SECURITY_TXT_URL = env.str("SECURITY_TXT_URL", "")
# The statement in the register of toegankelijkheidsverklaring.nl: nothing is claimed without it.
ACCESSIBILITY_STATEMENT_URL = env.str("ACCESSIBILITY_STATEMENT_URL", "")
ACCESSIBILITY_STATUS = env.str("ACCESSIBILITY_STATUS", "")
ACCESSIBILITY_AUDITED_ON = env.date("ACCESSIBILITY_AUDITED_ON", None)

# How many times an hour a form that anybody may send is taken: from one address, and in all.
OPEN_FORM_HOURLY = env.int("OPEN_FORM_HOURLY", 10)
OPEN_FORM_HOURLY_ALL = env.int("OPEN_FORM_HOURLY_ALL", 300)

# Uploaded evidence: in a folder that no web server serves, and how large a file may be.
EVIDENCE_DIR = env.path("EVIDENCE_DIR", VAR_DIR / "bewijsstukken")
EVIDENCE_MAX_MB = env.int("EVIDENCE_MAX_MB", 20)

# How many megabytes each process keeps of answers to anonymous readers; 0 keeps none.
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", 64)

# How large a spreadsheet with measures may be.
SPREADSHEET_MAX_MB = env.int("SPREADSHEET_MAX_MB", 10)

# The API: anybody may read it, in JSON; nobody logs in.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "measures.api.schema.ResourceSchema",
    "EXCEPTION_HANDLER": "measures.api.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "measures.api.document.complete",
    ],
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_SUFFIX": "",
    "ENUM_NAME_OVERRIDES": {"Zekerheid": "parties.certainty.Certainty"},
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
}

# Back-ups: the age recipients (age1…) that can open them, and the file with the secret key of
# one of them, for a restore.
BACKUP_RECIPIENTS: list[str] = env.list("BACKUP_RECIPIENTS", [])
BACKUP_IDENTITY_FILE = env.str("BACKUP_IDENTITY_FILE", "")

# Logs: one JSON object a line where others can reach the site, else for people to read; and a
# file for what staff do, when that must lie elsewhere.
LOG_FORMAT = env.str(
    "LOG_FORMAT",
    "json" if SERVES_OTHERS and not DEBUG else "text",
    validate=validate.OneOf(logs.FORMATTERS),
)
AUDIT_LOG = env.str("AUDIT_LOG", "")
# Queries that take longer are logged; 0 logs none.
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", 200)
# Who gets a mail when something goes wrong, and from whom.
ADMINS: list[str] = env.list("ADMINS", [], subcast=str.strip)
SERVER_EMAIL = env.str("SERVER_EMAIL", "") or DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = "[Kwalibo-voortgang] "
LOGGING = logs.configuration(format=LOG_FORMAT, audit_log=AUDIT_LOG, mails=bool(ADMINS))

# Metrics for Prometheus: an address of their own (see kwalibo/monitoring/), the word to get in,
# and a folder in memory in which all workers count together.
METRICS_BIND = env.str("METRICS_BIND", "")
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
METRICS_DIR = env.str("PROMETHEUS_MULTIPROC_DIR", "")

env.seal()

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its lock at the start, so two writers wait for each
        # other instead of failing half-way; readers never wait (WAL).
        "transaction_mode": "IMMEDIATE",
        "timeout": DATABASE_LOCK_SECONDS,
        # What is committed is on the disk (FULL), after a power cut too.
        # Room for the indexes in memory: a day in the past is thousands of searches in one.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        "PRAGMA cache_size=-65536; PRAGMA mmap_size=536870912; "
        # A row that REPLACE takes away passes the triggers too.
        "PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
    # PostgreSQL would compile a long query first (JIT), which takes longer than our queries.
    OPTIONS["options"] = (
        f"-c jit=off -c statement_timeout={DATABASE_STATEMENT_SECONDS}s "
        f"-c lock_timeout={DATABASE_LOCK_SECONDS}s "
        f"-c idle_in_transaction_session_timeout={DATABASE_STATEMENT_SECONDS}s"
    )
    OPTIONS.setdefault("connect_timeout", 5)
    # A server that went away without a word is noticed after so many milliseconds.
    OPTIONS.setdefault("tcp_user_timeout", 15_000)
    if DATABASE_POOL:
        DATABASES["default"]["CONN_MAX_AGE"] = 0
        OPTIONS["pool"] = {
            "min_size": 1,
            "max_size": DATABASE_POOL,
            "timeout": 3,
            # The pool waits longer after each try that failed. It gives up early and starts anew
            # at the next request, else it would sleep on after the database is back.
            "reconnect_timeout": 4,
        }
