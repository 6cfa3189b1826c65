"""What must hold before anything starts: dangerous combinations are refused with the
sentence an operator needs."""

import math

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from videos import links, vault


def retry_needed(timeout: int, workers: int, queue_limit: int, bulk: int) -> int:
    """The shortest ``retry`` that never repeats a task which only waited in the cluster:
    prefetched tasks wait with the retry clock running (measured: 4 of 6 ran twice)."""
    return timeout * (math.ceil((queue_limit + bulk) / workers) + 1)


@checks.register()
def the_queue_does_not_repeat(app_configs, **kwargs):
    found = []
    clusters = {"studio": settings.Q_CLUSTER, **settings.Q_CLUSTER.get("ALT_CLUSTERS", {})}
    for name, conf in clusters.items():
        need = retry_needed(conf["timeout"], conf["workers"], conf["queue_limit"], conf["bulk"])
        if conf["retry"] < need:
            found.append(
                checks.Error(
                    f"The queue {name} repeats tasks that only waited: retry is {conf['retry']}, it needs {need}.",
                    id="studio.E001",
                )
            )
        if conf.get("cache") != "local":
            found.append(
                checks.Error(
                    f"The queue {name} would write its statistics into the database.", id="studio.E002"
                )
            )
    if "redis" in settings.Q_CLUSTER and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        found.append(
            checks.Error(
                "A Redis queue beside SQLite duplicates scheduled work: use PostgreSQL, or the database queue.",
                id="studio.E003",
            )
        )
    return found


@checks.register()
def sqlite_keeps_its_word(app_configs, **kwargs):
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    options = database.get("OPTIONS", {})
    said = options.get("init_command", "").replace(" ", "").upper()
    if (
        options.get("transaction_mode") != "IMMEDIATE"
        or "JOURNAL_MODE=WAL" not in said
        or "SYNCHRONOUS=FULL" not in said
    ):
        return [
            checks.Error(
                "SQLite must run with WAL, IMMEDIATE and synchronous=FULL: otherwise a power cut forgets spending.",
                id="studio.E004",
            )
        ]
    return []


@checks.register()
def keys_can_be_read(app_configs, **kwargs):
    try:
        vault.cipher()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="studio.E005")]
    return []


PAIRS = (
    ("submit_deadline", "submit_lease"),
    ("download_renew", "download_lease"),
    ("sweep_turn", "sweep_lease"),
    ("letters_run", "letters_lease"),
)


@checks.register()
def deadlines_end_before_leases(app_configs, **kwargs):
    found = [
        checks.Error(
            f"{short} must be shorter than {long}: two workers would hold one job.", id="studio.E006"
        )
        for short, long in PAIRS
        if settings.DURATIONS[short] >= settings.DURATIONS[long]
    ]
    if settings.DURATIONS["sweep_run"] >= settings.Q_CLUSTER["timeout"]:
        found.append(checks.Error("A sweep outlives the queue's timeout.", id="studio.E006"))
    if settings.DURATIONS["download_deadline"] >= settings.Q_CLUSTER["ALT_CLUSTERS"]["media"]["timeout"]:
        found.append(checks.Error("A download outlives its queue's timeout.", id="studio.E006"))
    quiet = settings.DURATIONS["download_idle"] + settings.DURATIONS["download_renew"]
    if quiet >= settings.DURATIONS["download_lease"]:
        found.append(checks.Error("A download that only pauses would lose its lease.", id="studio.E006"))
    return found


@checks.register(checks.Tags.security, deploy=True)
def trusted_hosts_are_named(app_configs, **kwargs):
    return [
        checks.Warning(f"{host}:{port} is trusted though it may not be public.", id="studio.W001")
        for host, port in sorted(settings.TRUSTED_HOSTS)
    ]


@checks.register()
def letters_lead_somewhere(app_configs, **kwargs):
    if settings.PRODUCTION and settings.LETTERS_LEAVE and links.only_here():
        return [
            checks.Error(
                "Letters would hold links that open on this machine only: set STUDIO_PUBLIC_URL, or leave EMAIL_URL empty.",
                id="studio.E007",
            )
        ]
    return []


@checks.register()
def nginx_may_read_the_films(app_configs, **kwargs):
    folder = settings.MEDIA
    if settings.MEDIA_ACCEL and folder.exists() and not folder.stat().st_mode & 0o010:
        return [
            checks.Warning(
                f"nginx is to send the films, and the group of {folder} may not read it: see docs/operating.md.",
                id="studio.W003",
            )
        ]
    return []
