"""Holds every setting, and reads the environment, which no other file does.

docs/settings.md explains each variable. A wrong value stops the start with one sentence.
What is Django's default is not repeated here."""

import base64
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from studio import data_folder, private

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(environ.Env):
    """Reads variables of the environment. A wrong number stops the start with a sentence."""

    def get_value(self, var, *args, **kwargs):
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError:
            raise ImproperlyConfigured(f"{var} is {os.environ.get(var)!r}: it must be a number.") from None


env = Environment()

# --- environment and data folder --------------------------------------------

STUDIO_ENV = env.str("STUDIO_ENV", default="development")
if STUDIO_ENV not in ("development", "production"):
    raise ImproperlyConfigured(f"STUDIO_ENV is {STUDIO_ENV!r}: it must be development or production.")
PRODUCTION = STUDIO_ENV == "production"
DEBUG = env.bool("STUDIO_DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("STUDIO_DEBUG shows secrets in error pages: it cannot be on in production.")
DEBUG_TOOLBAR = env.bool("STUDIO_DEBUG_TOOLBAR", default=False)
if DEBUG_TOOLBAR and not DEBUG:
    raise ImproperlyConfigured(
        "STUDIO_DEBUG_TOOLBAR shows every query to whoever asks: it needs STUDIO_DEBUG=1."
    )

DATA = Path(env.str("STUDIO_DATA", default=str(BASE_DIR / "var"))).resolve()
if data_folder.command not in data_folder.NEEDS_NO_STUDIO:
    os.umask(private.UMASK)  # from here on, only this user may read what this program makes
BEGUN = data_folder.prepare(DATA)
MEDIA = DATA / "media"
PORT = env.int("STUDIO_PORT", default=8000)
DEMO = env.bool("STUDIO_DEMO", default=not PRODUCTION)


def address(name, default):
    """Returns an http(s) address without a trailing slash."""
    value = env.str(name, default=default).rstrip("/")
    try:
        parts = urlsplit(value)
    except ValueError:  # such as an address in brackets that do not close
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} is {value!r}: it must be an address like https://studio.example.")
    return value


def hosts_and_ports(name):
    """Returns the set of comma-separated ``host:port`` pairs."""
    pairs = set()
    for item in env.list(name, default=[]):
        host, _colon, port = item.strip().rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ImproperlyConfigured(f"{name} has {item!r}: each entry must be host:port.")
        pairs.add((host.strip("[]").lower(), int(port)))
    return frozenset(pairs)


def optional_secret(name):
    """Returns a secret from the environment or a file it names (NAME_FILE); "" without either."""
    if value := env.str(name, default=""):
        return value
    if path := env.str(f"{name}_FILE", default=""):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}.") from error
    return ""


def secret(name, filename, make):
    """Returns a secret from the environment, a file it names (NAME_FILE), or, in
    development only, one that is made once and kept under the data folder (studio/data_folder.py)."""
    if value := optional_secret(name):
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} is missing: set it, or {name}_FILE to a file that holds it.")
    return data_folder.kept_secret(DATA, filename, make)


def fernet_key():
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def split(value):
    """Returns the comma-separated items of ``value``, without empty ones."""
    return [item.strip() for item in value.split(",") if item.strip()]


# Newest first, comma-separated. Apart from SECRET_KEY: rotating that must not cost the vendor keys.
FIELD_ENCRYPTION_KEYS = split(secret("FIELD_ENCRYPTION_KEYS", "field_keys", fernet_key))
# Tells which vendor account a key belongs to, without telling the key (videos/vault.py).
ACCOUNT_PEPPER = secret("STUDIO_ACCOUNT_PEPPER", "account_pepper", lambda: secrets.token_urlsafe(32))
SECRET_KEY = secret("STUDIO_SECRET_KEY", "secret_key", lambda: secrets.token_urlsafe(48))
# Former keys: what they signed is still valid, nothing new is signed with them.
SECRET_KEY_FALLBACKS = split(optional_secret("STUDIO_SECRET_KEY_FALLBACKS"))

# --- addresses and hosts ----------------------------------------------------

# Where vendors reach us (callbacks, pictures). Not public https: sandbox and trusted hosts only.
PUBLIC_URL = address("STUDIO_PUBLIC_URL", f"http://127.0.0.1:{PORT}")
SANDBOX_URL = address("STUDIO_SANDBOX_URL", f"http://127.0.0.1:{PORT + 1}")
TRUSTED_HOSTS = hosts_and_ports("STUDIO_TRUSTED_HOSTS")
# Company gateways. Empty: the vendor's own address from its document.
VENDOR_URLS = {
    slug: address(name, "") if env.str(name, default="") else ""
    for slug, name in (
        ("seedanceapi-dev", "VENDOR_SEEDANCEAPI_DEV_URL"),
        ("defapi", "VENDOR_DEFAPI_URL"),
        ("acedata", "VENDOR_ACEDATA_URL"),
        ("seedance2ai", "VENDOR_SEEDANCE2AI_URL"),
        ("seedanceapi-org", "VENDOR_SEEDANCEAPI_ORG_URL"),
    )
}
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = sorted(
    {urlsplit(PUBLIC_URL).hostname, *env.list("STUDIO_HOSTS", default=[])}
    | (set() if PRODUCTION else {"localhost", "127.0.0.1", "[::1]"})
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if HTTPS else []
PROXY_COUNT = env.int("STUDIO_PROXY_COUNT", default=0)
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- the application --------------------------------------------------------

INSTALLED_APPS = [
    "videos.apps.VideosConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "csp",
    "django_q",
]
MIDDLEWARE = [
    "videos.accounts.request_ids.RequestIdMiddleware",
    "videos.accounts.cookies.CookiesMiddleware",  # before anything reads one
    "csp.middleware.CSPMiddleware",  # so early: redirects, refusals and static files carry the policy, too
    "videos.accounts.guard.GuardMiddleware",
    "videos.accounts.proxies.ProxiesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "videos.accounts.privacy.PrivacyMiddleware",
    "videos.accounts.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "videos.accounts.lengths.LengthMiddleware",  # before any body is read: CSRF reads it once all of these were asked
    "allauth.account.middleware.AccountMiddleware",
]
if DEBUG_TOOLBAR:
    INSTALLED_APPS.append("debug_toolbar")
    MIDDLEWARE.insert(
        MIDDLEWARE.index("csp.middleware.CSPMiddleware") + 1,
        "debug_toolbar.middleware.DebugToolbarMiddleware",
    )
    INTERNAL_IPS = ["127.0.0.1"]
    DEBUG_TOOLBAR_CONFIG = {"SHOW_COLLAPSED": True}
ROOT_URLCONF = "studio.urls"
WSGI_APPLICATION = "studio.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["studio.trimming.TrimmingLoader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "videos.accounts.context.studio",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- database and caches ----------------------------------------------------

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'studio.sqlite3'}")
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}
if "ENGINE" not in DATABASES["default"]:
    raise ImproperlyConfigured(
        "DATABASE_URL is no address of a database, like postgres://studio@127.0.0.1/studio."
    )
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    if not BEGUN and not Path(DATABASES["default"]["NAME"]).exists():
        DATABASES["default"]["NAME"] = ":memory:"  # Django looks into it, and would make an empty one
    # FULL: a power cut must not forget that money was about to be spent. IMMEDIATE: a reader
    # that turns writer fails at once under DEFERRED instead of waiting.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
    }

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    # Shared by all processes: the sign-in limits count here.
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
    if BEGUN
    else {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    # django-q2 writes its statistics twice a second: they stay in memory.
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# --- money ------------------------------------------------------------------

# A script with somebody's session must not spend faster than a person can think. 0: no limit.
PRESSES_PER_MINUTE = env.int("STUDIO_PRESSES_PER_MINUTE", default=120)

# --- durations --------------------------------------------------------------

TIME_SCALE = env.float("STUDIO_TIME_SCALE", default=1.0)
if not 1 <= TIME_SCALE <= 100:
    raise ImproperlyConfigured("STUDIO_TIME_SCALE must lie between 1 (real time) and 100 (tests).")


def seconds(value, floor=0.0):
    """Returns a duration, which tests shorten; ``floor`` is the least that works on a busy machine."""
    return max(floor, value / TIME_SCALE)


# Checked at the start (videos/checks.py): every deadline is shorter than its lease.
DURATIONS = {
    "submit_deadline": seconds(60, 4),
    "submit_lease": seconds(90, 8),
    "look_deadline": seconds(45, 3),
    "sweep_lease": seconds(15, 4),
    "sweep_run": seconds(45, 5),
    "sweep_turn": seconds(0.5, 0.1),
    "download_deadline": seconds(600, 60),
    "download_idle": seconds(40, 4),  # with one renewal less than the lease
    "download_lease": seconds(60, 8),
    "download_renew": seconds(15, 1),
    "first_look": seconds(8, 0.3),
    "look": seconds(10, 0.4),
    "look_late": seconds(30, 1.5),
    "late_after": seconds(300),
    "look_least": seconds(1, 0.2),
    "look_most": seconds(15, 0.75),
    "error_most": seconds(300, 5),
    "not_found_grace": seconds(600),
    "word_for": seconds(600),  # a status word that no table has, unchanged: its place is given back
    "after_deadline": seconds(3600),
    "after_a_day": seconds(86400),
    "replay_for": seconds(86400),
    "retry_after_most": seconds(3600),
    "video_deadline": seconds(3600),
    "still_deadline": seconds(900),
    "download_for": seconds(7 * 86400),
    "ticker": seconds(1, 0.2),
    "nudge_again": seconds(5, 1),
    "canary": seconds(10, 1),
    "canary_patience": seconds(45, 12),
    "worker_dead_after": seconds(30, 6),
    "stop_patience": 30.0,
    "presses_window": seconds(60),
    "request_silence": seconds(30, 1),
    "request_crowded": seconds(1, 0.5),
    "breaker_window": seconds(600, 30),
    "letters_run": seconds(8, 2),  # and one letter more, at ten words of EMAIL_TIMEOUT each
    "letters_lease": seconds(120, 15),
}

# --- task queue: it only nudges, the rows decide ----------------------------

every_cluster = {
    "bulk": 1,
    "queue_limit": 1,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,
    "catch_up": False,
    "poll": 0.5 if TIME_SCALE == 1 else 0.1,
    "cache": "local",
}
# retry: one task can wait behind another inside the cluster with its clock running. It is at least
# timeout * (ceil((queue_limit + bulk) / workers) + 1), checked at the start.
media_cluster = {"workers": 3, "timeout": 900, "retry": 2800, "recycle": 50, "max_rss": 600_000}
Q_CLUSTER = every_cluster | {
    "name": "studio",
    "orm": "default",
    "workers": 4,
    "timeout": 90,
    "retry": 300,
    "recycle": 200,
    "max_rss": 400_000,
    "label": "studio",
    "ALT_CLUSTERS": {"media": every_cluster | media_cluster},
}
if REDIS_URL and env.bool("STUDIO_QUEUE_ON_REDIS", default=False):
    del Q_CLUSTER["orm"]
    Q_CLUSTER["redis"] = REDIS_URL

# --- accounts and e-mail ----------------------------------------------------

AUTH_USER_MODEL = "videos.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SIGNUP = env.str("STUDIO_SIGNUP", default="invite" if PRODUCTION else "open")
if SIGNUP not in ("open", "invite"):
    raise ImproperlyConfigured(f"STUDIO_SIGNUP is {SIGNUP!r}: it must be open or invite.")
ACCOUNT_ADAPTER = "videos.accounts.adapter.StudioAccountAdapter"
ACCOUNT_FORMS = {
    "login": "videos.accounts.auth_forms.LoginForm",
    "signup": "videos.accounts.auth_forms.SignupForm",
    "reset_password": "videos.accounts.auth_forms.ResetPasswordForm",
    "reset_password_from_key": "videos.accounts.auth_forms.ResetPasswordKeyForm",
    "change_password": "videos.accounts.auth_forms.ChangePasswordForm",
    "reauthenticate": "videos.accounts.auth_forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Where letters can be sent, an address is proved before it opens anything: else a sign-up would
# tell who has an account, and an invitation could be taken by typing its address.
LETTERS_LEAVE = bool(env.str("EMAIL_URL", default=""))
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if LETTERS_LEAVE else "none"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # where the password was typed in the same browser just before
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Guesses and letters are counted by videos/accounts/limits.py. Here only per network: a count per
# address alone lets whoever knows it keep its owner from asking.
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip"}
# So long a password that was typed is enough to add, replace or delete a vendor's key.
PASSWORD_HOLDS = env.int("STUDIO_PASSWORD_HOLDS", default=3600)
if PASSWORD_HOLDS < 60:
    raise ImproperlyConfigured(f"STUDIO_PASSWORD_HOLDS is {PASSWORD_HOLDS}: nobody types that fast.")
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
# Letters are rows that the worker sends (videos/letters/). Without a mail server they are printed for whoever
# develops; in production nowhere, because a log must hold no link that opens an account.
vars().update(env.email_url("EMAIL_URL", default="dummymail://" if PRODUCTION else "consolemail://"))
LETTERS_BACKEND = vars()["EMAIL_BACKEND"]
if LETTERS_LEAVE:
    EMAIL_BACKEND = "videos.letters.outbox.EmailBackend"
EMAIL_TIMEOUT = seconds(10, 1)  # for each word of the mail server
DEFAULT_FROM_EMAIL = env.str("STUDIO_EMAIL_FROM", default="studio@localhost")

SESSION_ENGINE = "videos.accounts.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-studio" if HTTPS else f"studio-{PORT}"
# videos/accounts/known_browsers.py
KNOWN_COOKIE_NAME = "__Host-studio-known" if HTTPS else f"studio-known-{PORT}"
CSRF_COOKIE_NAME = "__Host-studio-csrf" if HTTPS else f"studio-csrf-{PORT}"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "videos.accounts.views.csrf_failure"

# --- security headers -------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        # No text becomes a script, a style or a part of a page; static/js/trusted.js has the exception.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
    }
}
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION and HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_SECONDS > 0
SECURE_SSL_REDIRECT = PRODUCTION and HTTPS
SECURE_SSL_HOST = urlsplit(PUBLIC_URL).netloc  # never the Host header, whose port anybody may write
# Being preloaded is for the owner of the whole domain to ask for, not for one studio on it.
# The folder for what arrives is made when the first file does (videos/uploads/receiving.py).
SILENCED_SYSTEM_CHECKS = ["security.W021", "files.E001"]
MEDIA_ACCEL = env.str("STUDIO_MEDIA_ACCEL", default="")
if MEDIA_ACCEL not in ("", "nginx"):
    raise ImproperlyConfigured(f"STUDIO_MEDIA_ACCEL is {MEDIA_ACCEL!r}: it must be empty or nginx.")
if BEGUN and data_folder.command not in data_folder.NEEDS_NO_STUDIO:
    private.close(DATA, media_group=MEDIA_ACCEL == "nginx")

# --- uploads, files and disk ------------------------------------------------

# A picture is at most 30 MB (docs/vendors): one request brings a few of them. What is over these
# limits is answered by videos/accounts/error_pages.py, which has nothing of the form to give back: so they
# lie beyond what a person can fill in. Words: a batch of the longest prompts (videos/templatetags/
# studio.py). Fields: the pictures of a batch. Files: a whole camera roll, chosen by mistake, which
# takes half a second to read past. More files than FILES_AT_ONCE are answered by the form itself.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 5000
FILES_AT_ONCE = 20
FILE_BYTES = 50_000_000  # the longest that anything brought may be: a film (videos/uploads/films.py)
# All of one sending (videos/accounts/lengths.py): words and files; long words; one small form.
SENDING_BYTES = FILES_AT_ONCE * FILE_BYTES
WORDS_BYTES = 5_000_000
FORM_BYTES = 256_000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "videos.uploads.receiving.LimitedFilesHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_TEMP_DIR = MEDIA / "parts"  # on the disk whose reserve is asked, and tidied with it
# Bytes of memory that all the children together may use up that open strangers' pictures and films
# (videos/media/child_slots.py): two of them at once.
OPENING_MEMORY = env.int("STUDIO_OPENING_MEMORY", default=2 << 30)
PICTURE_BYTES = 30_000_000
VIDEO_BYTES = env.int("STUDIO_VIDEO_BYTES", default=2_000_000_000)
DISK_RESERVE = env.int("STUDIO_DISK_RESERVE", default=1_000_000_000)
TRASH_DAYS = env.int("STUDIO_TRASH_DAYS", default=30)
if TRASH_DAYS < 1:
    raise ImproperlyConfigured(
        "STUDIO_TRASH_DAYS must be 1 or more: a press on the wrong button has to be undone."
    )

# --- static files -----------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- languages and clocks ---------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese")), ("de", _("German"))]
LANGUAGE_COOKIE_NAME = "studio-language"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"

# --- logs -------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "videos.logs.OneLine", "format": "{levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("STUDIO_LOG_LEVEL", default="INFO")},
    "loggers": {
        # Either may print addresses with query strings at INFO.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "django-q": {"level": "WARNING"},
        # Whoever scans the net for hosts would fill the log with tracebacks; the answer is 400.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
