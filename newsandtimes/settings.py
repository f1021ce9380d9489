"""All settings of the project. Each that a deployment may change comes from the environment.

docs/operating.md lists the variables. A file ``.env`` beside manage.py may hold them too; what the
environment itself says wins.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from newsandtimes.environment import (
    mailer,
    media_origins,
    media_storage,
    originals_storage,
    search_backend,
    tuned_database,
)
from newsandtimes.mail_providers import provider_webhook

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if env_file := os.environ.get("ENV_FILE", str(BASE_DIR / ".env")):
    env.read_env(env_file)

# --- Mode ---------------------------------------------------------------------------------------
# DEVELOPMENT is what `make run` switches on: no HTTPS, mail into files, the demo's loopback feeds.
# DEBUG is Django's own and shows tracebacks to everybody who can reach the site.
DEVELOPMENT = env.bool("DEVELOPMENT", False)
DEBUG = env.bool("DEBUG", False)
DATA_DIR = (BASE_DIR / env.str("DATA_DIR", "var")).resolve()

SECRET_KEY = env.str("SECRET_KEY", "")
if len(SECRET_KEY) < 50 or SECRET_KEY.startswith("django-insecure"):
    raise ImproperlyConfigured(
        "SECRET_KEY is missing or too short. Give this site one of its own, for example:\n"
        "  export SECRET_KEY=\"$(python3 -c 'import secrets; print(secrets.token_urlsafe(64))')\""
    )
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- Addresses ----------------------------------------------------------------------------------
SITE_URL = env.str("SITE_URL", f"http://localhost:{env.int('PORT', 8000)}" if DEVELOPMENT else "")
SITE_URL = SITE_URL.rstrip("/")
if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured(
        "SITE_URL must be the public address of the site, for example https://review.example.org"
    )
if DEVELOPMENT and SITE_URL.startswith("https://"):
    raise ImproperlyConfigured(
        "DEVELOPMENT is on, which is for trying things on this machine, but SITE_URL is a public "
        "https address. Take DEVELOPMENT out of the environment and of the file .env."
    )
IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=[urlsplit(SITE_URL).hostname, *(["localhost", "127.0.0.1"] if DEVELOPMENT else [])],
)
# Items of our feeds are named after it for ever: a site that moves to another domain sets it to the
# former one, so that no feed reader takes old posts for new ones.
FEED_ID_HOST = env.str("FEED_ID_HOST", "")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "newsandtimes.urls"
WSGI_APPLICATION = "newsandtimes.wsgi.application"

# --- Parts --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "taggit",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "newsandtimes.apps.NewsAndTimesConfig",
    "newsandtimes.search.apps.SearchConfig",
    "newsletter",
    "aggregator",
    "blog",
    "newsandtimes.apps.NewsroomConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.redirects",
    "django.contrib.sites",
    "django.contrib.staticfiles",
    "django_prose_editor",
    "newsandtimes.task_app.BackgroundWork",
    "crontask",
]
MIDDLEWARE = [
    "newsandtimes.page_cache.making.page_cache",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "blog.middleware.publication",
    "blog.middleware.former_addresses",
    "newsandtimes.old_forms.old_forms",
]
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
                "blog.context.publication",
                "newsandtimes.login.context.newsroom",
            ],
            "builtins": ["blog.templatetags.dates"],
        },
    },
]
SITE_ID = 1  # former addresses are kept by django.contrib.redirects, which asks for one
AUTH_USER_MODEL = "blog.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "admin:login"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ACCOUNT_ADAPTER = "newsandtimes.login.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "newsandtimes.login.forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_RATE_LIMITS = False  # newsandtimes.login.brake, which all processes share
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "newsandtimes.login.forms.AuthenticateForm",
    "reauthenticate": "newsandtimes.login.forms.ReauthenticateForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = str(urlsplit(SITE_URL).hostname)
MFA_TOTP_TOLERANCE = 1
# How many proxies of our own stand in front, each of which adds to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
TAGGIT_CASE_INSENSITIVE = True

# --- Data ---------------------------------------------------------------------------------------
DATABASES = {
    "default": tuned_database(
        env.db_url("DATABASE_URL", f"sqlite:///{quote(str(DATA_DIR))}/db.sqlite3")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all processes: a folder on one machine, a Redis on many.
CACHES = {
    "default": (
        env.cache_url("CACHE_URL")
        if env.str("CACHE_URL", "")
        else {
            "BACKEND": "newsandtimes.shared_cache.FolderCache",
            "LOCATION": DATA_DIR / "cache",
            "OPTIONS": {"MAX_ENTRIES": 2_000},
        }
    )
}
PAGE_CACHE = env.bool("PAGE_CACHE", True)
# For so long a proxy in front of the site may serve a page without asking.
PROXY_CACHE_S = env.int("PROXY_CACHE_SECONDS", 5)
STORAGE_URL = env.str("STORAGE_URL", f"file://{quote(str(DATA_DIR))}/media")
STORAGES = {
    "default": media_storage(STORAGE_URL),
    "originals": originals_storage(
        env.str(
            "ORIGINALS_URL",
            STORAGE_URL
            if STORAGE_URL.startswith("s3:")
            else f"file://{quote(str(DATA_DIR))}/originals",
        )
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEVELOPMENT
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
    },
}
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / env.str("STATIC_ROOT", "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "newsandtimes.stylesheet.StylesheetFinder",
]
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = DEVELOPMENT
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Background work ----------------------------------------------------------------------------
TASKS = {
    "default": {
        "BACKEND": env.str("TASKS_BACKEND", "django_tasks_db.DatabaseBackend"),
        "QUEUES": ["default", "clock"],  # the clock's ticks show that it goes
    }
}
# A Redis for the lock that one clock holds while others wait as spares. Not the cache's database:
# clearing a cache empties all of it, and a clock that has lost its lock ends.
CRONTASK: dict[str, object] = {
    "REDIS_URL": env.str("CLOCK_LOCK_URL", "") or None,
    "LOCK_BLOCKING_TIMEOUT": None,
}

# --- Search -------------------------------------------------------------------------------------
# The address of an OpenSearch server; without one the database searches.
SEARCH_URL = env.str("SEARCH_URL", "")
MODELSEARCH_BACKENDS = {"default": search_backend(SEARCH_URL)}

# --- Mail ---------------------------------------------------------------------------------------
EMAIL_URL = env.str(
    "EMAIL_URL", f"file://{quote(str(DATA_DIR))}/mail" if DEVELOPMENT else "smtp://localhost:25"
)
MAILERS = {"default": mailer(EMAIL_URL)}
# Which view takes the events of a mail provider (newsletter.webhook), if anything tells them from
# forged ones: the name:password that it shows, or the key that it signs with.
MAIL_WEBHOOK = provider_webhook(
    EMAIL_URL, secret=env.str("MAIL_WEBHOOK_SECRET", ""), key=env.str("MAIL_WEBHOOK_KEY", "")
)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"review@{urlsplit(SITE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The mailbox that undeliverable mail comes back to, with a + and a signature (newsletter.envelope).
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", "")
# Connections that one sender keeps open to the mail server, and hands mails over in parallel.
MAIL_CONNECTIONS = max(1, env.int("MAIL_CONNECTIONS", 5))
MAIL_BATCH = max(1, env.int("MAIL_BATCH", 100))
# For how long a sender holds the mails that it has taken; if it is killed, they wait for so long.
MAIL_LEASE_S = max(2, env.float("MAIL_LEASE_S", 300))
# The pauses before further tries of a mail that a server did not take yet; then it is given up.
MAIL_RETRY_MINUTES = [
    float(minutes)
    for minutes in env.list(
        "MAIL_RETRY_MINUTES", default=["1", "5", "15", "30", "60", "120", "240", "480", "480"]
    )
]
# Where that mailbox can be read, if the mail server does not hand its mail to receive_mail.
BOUNCE_MAILBOX = env.str("BOUNCE_MAILBOX", "")
CONFIRMATION_MAX_AGE = timedelta(days=7)
# So many sign-ups are answered with a mail each hour; what is over waits for its turn, for a day.
SIGN_UPS_PER_HOUR = env.int("SIGN_UPS_PER_HOUR", 300)
# Sites of our own whose sign-up forms need no second press on a page here: https://example.org
SIGN_UP_ORIGINS = env.list("SIGN_UP_ORIGINS", default=[])

# --- Fetching from outside ------------------------------------------------------------------------
# Networks in which the fetcher may dial private addresses; none, unless a deployment opens one.
FETCH_ALLOWED_NETWORKS = env.list(
    "FETCH_ALLOWED_NETWORKS", default=["127.0.0.0/8", "::1/128"] if DEVELOPMENT else []
)
FETCH_TIMEOUT_S = env.float("FETCH_TIMEOUT_S", 30)
FETCH_CONNECT_TIMEOUT_S = env.float("FETCH_CONNECT_TIMEOUT_S", 10)
FETCH_MAX_BYTES = env.int("FETCH_MAX_BYTES", 10 * 1024 * 1024)
FETCH_MAX_REDIRECTS = env.int("FETCH_MAX_REDIRECTS", 5)
FETCH_CONCURRENCY = env.int("FETCH_CONCURRENCY", 64)
# The pause between two requests to one host.
FETCH_HOST_GAP_S = env.float("FETCH_HOST_GAP_S", 0.1 if DEVELOPMENT else 2)
# For how long a poller holds a feed. If it dies, others wait for so long; must be longer than any
# one feed takes.
FETCH_LEASE_S = max(env.float("FETCH_LEASE_S", 600), 4 * FETCH_TIMEOUT_S)
FETCH_USER_AGENT = env.str("FETCH_USER_AGENT", f"TheNewsAndTimes/0.1 (+{SITE_URL}/about/fetcher)")
# Hubs (WebSub) tell a site that they can reach of news; polling then only looks after them.
WEBSUB = env.bool("WEBSUB", IS_HTTPS)

# --- How long headlines stay that nobody picks ----------------------------------------------------
HEADLINE_BODY_DAYS = env.int("HEADLINE_BODY_DAYS", 30)
HEADLINE_DAYS = env.int("HEADLINE_DAYS", 90)
FINGERPRINT_DAYS = env.int("FINGERPRINT_DAYS", 180)

# --- Language and time ----------------------------------------------------------------------------
# What readers see follows SiteSettings; these hold where no request has chosen.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("uk", _("Ukrainian")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "newsandtimes" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- Security -------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    # The nonce goes to the import map of the admin's text editor; public pages have none.
    "script-src": [CSP.SELF, CSP.NONCE],
    # The hash is that of the one fixed style sheet that the admin's text editor puts in.
    "style-src": [CSP.SELF, "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
    "img-src": [CSP.SELF, "data:", *media_origins(STORAGES["default"])],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    # The players of videos (static/js/embeds.js), loaded by a reader's click and never before.
    "frame-src": ["https://www.youtube-nocookie.com", "https://player.vimeo.com"],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}
# Outlets may see that a reader came from us, but not from which page.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# Behind a proxy that ends TLS, as every deployment on HTTPS is. The header says no more than
# that a request came over HTTPS, so a forged one gains nothing.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
# Both bind every other site under the same domain, so the owner of the domain decides.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True

# --- Log ------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        name: {"level": env.str("LOG_LEVEL", "INFO")}
        for name in ("blog", "aggregator", "newsletter", "newsandtimes")
    },
}
